/** Fastify, whose app sees all that happens to its routes: their handlers are left as they are. */
import type { Recogniser } from './types.ts';

export const fastify: Recogniser = {
  name: 'fastify',
  packages: ['fastify'],
  factories: [
    { export: 'default', by: 'call', app: true },
    { export: 'fastify', by: 'call', app: true },
  ],
  types: ['FastifyInstance'],
  methods: [
    'get',
    'post',
    'put',
    'patch',
    'delete',
    'head',
    'options',
    'all',
    'addHook',
    'setErrorHandler',
    'setNotFoundHandler',
  ],
  object: {
    method: 'route',
    path: ['url', 'path'],
    handlers: ['handler', 'onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend', 'errorHandler'],
  },
  chains: ['withTypeProvider', 'register', 'after', 'decorate', 'decorateRequest', 'decorateReply'],
  receivers: /^(fastify|app|\w+(App|Fastify))$/,
  hooks: { app: 'fastifyApp' },
};
