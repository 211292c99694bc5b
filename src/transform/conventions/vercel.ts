/** Vercel: functions in `api/`. Other programs have a folder of that name, so that the hook asks where it runs. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention, Entry } from './types.ts';

const FILE = /^(api(?:\/.*)?)\.[cm]?[jt]sx?$/;

const METHODS = '(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)';

function route(file: string): string | undefined {
  const path = FILE.exec(file)?.[1];
  return path && `/${path.replace(/\/index$/, '')}`;
}

const entry: Omit<Entry, 'names'> = { route, hook: 'vercelHandler' };

export const vercel: Convention = {
  name: 'vercel',
  hint: new RegExp(
    [
      '@vercel/',
      String.raw`\bexport\s+(?:const|let|var|(?:async\s+)?function)\s+${METHODS}\b`,
      String.raw`\bexport\s+default\s+(?:async\b|function\b|handler\b|\()`,
      String.raw`\bmodule\s*\.\s*exports\s*=\s*(?:async\b|function\b|handler\b|\()`,
    ].join('|'),
  ),
  entries: [
    { ...entry, names: /^default$/ },
    { ...entry, names: new RegExp(`^${METHODS}$`) },
  ],
  from: RUNTIME_MODULE,
};
