/**
 * TanStack Start: what makes a router for each request, which knows its route and the errors of its loaders, and what Start itself
 * makes server functions callable with.
 */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const CREATE_RPC = /@tanstack\/start-server-core\/dist\/esm\/createServerRpc\.js$/;

export const tanStackStart: Convention = {
  name: 'tanstack-start',
  vitePlugin: 'tanstack-start-core:config',
  hint: /\b(?:getRouter|createServerRpc)\b/,
  entries: [
    { route: () => '', names: /^getRouter$/, hook: 'tanStackRouter' },
    {
      route: (file) => (CREATE_RPC.test(file) ? '' : undefined),
      names: /^createServerRpc$/,
      hook: 'tanStackRpc',
      internal: true,
    },
  ],
  from: RUNTIME_MODULE,
};
