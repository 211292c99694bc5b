/** Next.js: route handlers of the App Router, API routes of the Pages Router, the proxy in front of both, and server actions. */
import { NEXT_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const ROUTE = /^(?:src\/)?app\/(?:(.*)\/)?route\.[\w.]*[jt]sx?$/;
const API = /^(?:src\/)?pages\/(api(?:\/.*)?)\.[cm]?[jt]sx?$/;
const PROXY = /^(?:src\/)?(?:middleware|proxy)\.[cm]?[jt]sx?$/;

/** `(shop)` groups files and `@team` fills a slot: neither is part of a path. */
const UNSEEN = /^(?:\(.*\)|@.*)$/;

export const next: Convention = {
  name: 'next',
  hint: /\bexports?\b/,
  entries: [
    {
      route(file) {
        const match = ROUTE.exec(file);
        return match
          ? toPath((match[1] ?? '').split('/').filter((segment) => !UNSEEN.test(segment)))
          : undefined;
      },
      names: /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)$/,
      hook: 'nextRoute',
    },
    {
      route(file) {
        const segments = API.exec(file)?.[1]?.split('/');
        if (segments?.at(-1) === 'index') segments.pop();
        return segments && toPath(segments);
      },
      names: /^default$/,
      hook: 'nextApi',
    },
    {
      route: (file) => (PROXY.test(file) ? '' : undefined),
      names: /^(?:middleware|proxy|default)$/,
      hook: 'nextProxy',
    },
  ],
  serverFunctions: 'nextAction',
  from: NEXT_MODULE,
};

function toPath(segments: readonly string[]): string {
  return `/${segments.filter((segment) => segment !== '').join('/')}`;
}
