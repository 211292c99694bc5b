/** h3, whose app sees all that happens to its routes: their handlers are left as they are. */
import type { Recogniser } from './types.ts';

export const h3: Recogniser = {
  name: 'h3',
  packages: ['h3'],
  factories: [
    { export: 'createApp', by: 'call', app: true },
    { export: 'H3', by: 'new', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  hooks: { app: 'h3App' },
};
