/** TanStack Start: what makes a router for each request, which knows its route and the errors of its loaders. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

export const tanStackStart: Convention = {
  name: 'tanstack-start',
  vitePlugin: 'tanstack-start-core:config',
  hint: /\bgetRouter\b/,
  entries: [{ route: () => '', names: /^getRouter$/, hook: 'tanStackRouter' }],
  from: RUNTIME_MODULE,
};
