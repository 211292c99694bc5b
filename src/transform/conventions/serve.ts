/** Servers of Deno and Bun, whose handlers are of the fetch standard. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

export const deno: Convention = {
  name: 'deno',
  hint: /\bDeno\s*\.\s*serve\b/,
  entries: [],
  calls: [{ of: { global: 'Deno' }, name: 'serve', hook: 'denoServe' }],
  from: RUNTIME_MODULE,
};

export const bun: Convention = {
  name: 'bun',
  hint: /\bBun\s*\.\s*serve\b|(['"])bun\1/,
  entries: [],
  calls: [
    { of: { global: 'Bun' }, name: 'serve', hook: 'bunServe' },
    { of: { package: 'bun' }, name: 'serve', hook: 'bunServe' },
  ],
  from: RUNTIME_MODULE,
};
