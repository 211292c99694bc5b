/** tRPC: middleware is put before its procedures, and the server that it comes with is one of Node's. */
import type { Recogniser } from './types.ts';

const nothingRegistered = { types: [], methods: [], chains: [], receivers: /(?!)/ };

export const trpc: Recogniser = {
  name: 'trpc',
  packages: ['@trpc/server'],
  factories: [{ export: 'initTRPC', by: 'static', method: 'create', app: true }],
  ...nothingRegistered,
  hooks: { app: 'trpcRoot' },
};

export const trpcServer: Recogniser = {
  name: 'trpc',
  packages: ['@trpc/server/adapters/standalone'],
  factories: [{ export: 'createHTTPServer', by: 'call', app: true }],
  ...nothingRegistered,
  hooks: { app: 'nodeServer' },
};
