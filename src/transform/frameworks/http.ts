/** Servers of Node's own, whose listeners answer requests themselves, or hand them to a framework. */
import type { Recogniser } from './types.ts';

export const http: Recogniser = {
  name: 'http',
  packages: ['node:http', 'http', 'node:https', 'https', 'node:http2', 'http2'],
  factories: [
    { export: 'createServer', by: 'call', app: true },
    { export: 'createSecureServer', by: 'call', app: true },
    { export: 'Server', by: 'either', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  hooks: { app: 'nodeServer' },
};
