/** Polka, whose app sees what is registered on it: its handlers are only observed. */
import type { Recogniser } from './types.ts';

export const polka: Recogniser = {
  name: 'polka',
  packages: ['polka'],
  factories: [{ export: 'default', by: 'call', app: true }],
  types: ['Polka'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'use'],
  chains: [],
  receivers: /^(polka|\w+Polka)$/,
  hooks: { app: 'polkaApp' },
};
