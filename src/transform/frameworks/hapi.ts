/** Hapi, whose server sees all that happens to its routes: their handlers are left as they are. */
import type { Recogniser } from './types.ts';

export const hapi: Recogniser = {
  name: 'hapi',
  packages: ['@hapi/hapi'],
  factories: [
    { export: 'server', by: 'either', app: true },
    { export: 'Server', by: 'either', app: true },
  ],
  types: [],
  methods: ['ext'],
  object: { method: 'route', path: ['path'], handlers: ['handler'] },
  chains: [],
  receivers: /^(server|\w+Server)$/,
  hooks: { app: 'hapiServer' },
};
