/** TanStack Start, whichever library its pages are made with: its server, and functions that browsers call. */
import type { Recogniser } from './types.ts';

const LIBRARIES = ['react', 'solid', 'vue'];

const packages: readonly string[] = LIBRARIES.flatMap((name) => [
  `@tanstack/${name}-start`,
  `@tanstack/${name}-start/server`,
  `@tanstack/${name}-start/server-entry`,
]);

export const tanStackStart: Recogniser = {
  name: 'tanstack-start',
  packages,
  factories: [
    { export: 'createStartHandler', by: 'call', app: true },
    { export: 'createServerEntry', by: 'call', app: true },
    { export: 'createServerFn', by: 'call', app: false },
  ],
  types: [],
  methods: ['handler'],
  chains: ['middleware', 'validator', 'inputValidator'],
  receivers: /(?!)/,
  byVariable: true,
  hooks: { app: 'tanStackServer', handler: 'tanStackFunction' },
};

/** Of requests and of functions alike. */
export const tanStackMiddleware: Recogniser = {
  name: 'tanstack-start',
  packages,
  factories: [{ export: 'createMiddleware', by: 'call', app: false }],
  types: [],
  methods: ['server'],
  chains: ['middleware', 'validator', 'inputValidator', 'client'],
  receivers: /(?!)/,
  byVariable: true,
  hooks: {},
};

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|ANY';

export const tanStackRouter: Recogniser = {
  name: 'tanstack-start',
  packages: LIBRARIES.map((name) => `@tanstack/${name}-router`),
  factories: [
    { export: 'createFileRoute', by: 'call', app: false },
    { export: 'createRootRoute', by: 'call', app: false },
    { export: 'createRootRouteWithContext', by: 'call', app: false },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  options: {
    handlers: new RegExp(`^(?:beforeLoad|loader|handler|${METHODS})$`),
    nested: new RegExp(`^(?:server|handlers|loader|${METHODS})$`),
  },
  hooks: {},
};
