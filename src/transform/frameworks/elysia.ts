/** Elysia, whose app sees all that happens to its routes: their handlers are left as they are, as their text is read. */
import type { Recogniser } from './types.ts';

export const elysia: Recogniser = {
  name: 'elysia',
  packages: ['elysia'],
  factories: [
    { export: 'Elysia', by: 'new', app: true },
    { export: 'default', by: 'new', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  hooks: { app: 'elysiaApp' },
};
