/** Hono, and its variant that describes itself in OpenAPI. */
import type { Recogniser } from './types.ts';

export const hono: Recogniser = {
  name: 'hono',
  packages: ['hono', 'hono/quick', 'hono/tiny', 'hono/factory', '@hono/zod-openapi'],
  factories: [
    { export: 'Hono', by: 'new', app: true },
    { export: 'OpenAPIHono', by: 'new', app: true },
    { export: 'createFactory', by: 'call', method: 'createApp', app: true },
    { export: 'Factory', by: 'new', method: 'createApp', app: true },
  ],
  types: ['Hono', 'OpenAPIHono'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'options', 'all', 'on', 'use', 'onError', 'openapi'],
  chains: ['basePath', 'route', 'notFound'],
  receivers: /^(app|router|\w+(App|Router|Routes))$/,
  hooks: { app: 'honoApp', owner: 'honoOwner' },
};
