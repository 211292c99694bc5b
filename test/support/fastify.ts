/** A driver for Fastify, and the hook as the build injects it. */
import type { RequestListener } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import fastify from 'fastify';
import { fastifyApp } from '../../runtime/adapters/fastify.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Its handlers are left alone. */
export const fastifyHooks: Hooks = { ...NO_HOOKS, app: fastifyApp };

export const FASTIFY: Driver = {
  name: 'Fastify',
  framework: 'fastify',
  hooks: fastifyHooks,
  build(define, hooks) {
    const app = hooks.app(fastify({ bodyLimit: 1_048_576 }));
    wire(app, define);
    return listenerOf(app);
  },
};

/** What platforms without a server of Fastify's call. */
export function listenerOf(app: FastifyInstance): RequestListener {
  const ready = app.ready();
  return (request, response) => void ready.then(() => app.server.emit('request', request, response));
}

function wire(app: FastifyInstance, define: (app: Application) => void): void {
  const mount = (prefix: string, define: (app: Application) => void): void =>
    void app.register(async (plugin) => wire(plugin, define), { prefix });
  define({
    on(method, url, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      const preHandler = handlers.map(hook);
      app.route({ method: method.toUpperCase() as HTTPMethods, url, preHandler, handler });
    },
    use: (handler) => void app.addHook('preHandler', hook(handler)),
    mount,
    mountApp: mount,
    onError: (handler) =>
      void app.setErrorHandler((error, request, reply) => handler(error, exchangeOf(request, reply))),
  });
}

function native(handler: Handler): (request: FastifyRequest, reply: FastifyReply) => unknown {
  return (request, reply) => handler(exchangeOf(request, reply));
}

function hook(handler: Handler): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => void (await handler(exchangeOf(request, reply)));
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply): Exchange {
  return {
    raw: request.raw,
    header: (name) => request.headers[name] as string | undefined,
    param: (name) => (request.params as Record<string, string | undefined>)[name],
    body: async () => request.body,
    json: (value, status = 200) => reply.code(status).send(value),
    send: (body, type = 'text/plain', status = 200) =>
      reply.code(status).type(`${type}; charset=utf-8`).send(body),
    redirect: (path) => reply.redirect(path),
    stream: (type, produce) => reply.type(type).send(streamOf(produce)),
    pass: (error) => reply.send(error),
  };
}
