/**
 * Cloudflare Workers, and whatever else takes a default export with `fetch`: Bun, `deno serve`, Vercel. The hook tells a
 * platform by what it calls with. Classes, WorkerEntrypoint and Durable Objects among them, stay as they are.
 */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const EXPORT = String.raw`\bexport\s+default\b|\bas\s+default\b`;

export const workers: Convention = {
  name: 'workers',
  hint: new RegExp(
    String.raw`^(?=[\s\S]*?(?:${EXPORT}))[\s\S]*?\b(?:fetch|scheduled|queue|email)\b['"]?\s*[(:,}]`,
  ),
  entries: [
    {
      route: () => '',
      names: /^default$/,
      members: /^(?:fetch|scheduled|queue|email)$/,
      hook: 'workerHandlers',
    },
  ],
  from: RUNTIME_MODULE,
};
