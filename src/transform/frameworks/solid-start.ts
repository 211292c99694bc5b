/** SolidStart: functions that are written where its router, or its middleware, is given them. */
import type { Recogniser } from './types.ts';

/** What pages ask for, and what forms are sent to. */
export const solidRouter: Recogniser = {
  name: 'solid-start',
  packages: ['@solidjs/router'],
  factories: [
    { export: 'query', by: 'call', app: false },
    { export: 'cache', by: 'call', app: false },
    { export: 'action', by: 'call', app: false },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  options: { handlers: /(?!)/, nested: /(?!)/ },
  byVariable: true,
  hooks: {},
};

export const solidMiddleware: Recogniser = {
  name: 'solid-start',
  packages: ['@solidjs/start/middleware'],
  factories: [{ export: 'createMiddleware', by: 'call', app: false }],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  options: { handlers: /^(?:onRequest|onBeforeResponse)$/, nested: /(?!)/ },
  hooks: {},
};
