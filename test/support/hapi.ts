/** A driver for Hapi, and the hook as the build injects it. */
import type { RequestListener } from 'node:http';
import type { Request, ResponseObject, ResponseToolkit, Server } from '@hapi/hapi';
import { server as createServer } from '@hapi/hapi';
import { hapiServer } from '../../runtime/adapters/hapi.ts';
import type { Application, Driver, Exchange, Handler, Hooks } from './application.ts';
import { NO_HOOKS, streamOf } from './application.ts';

/** Its handlers are left alone. */
export const hapiHooks: Hooks = { ...NO_HOOKS, app: hapiServer };

export const HAPI: Driver = {
  name: 'Hapi',
  framework: 'hapi',
  hooks: hapiHooks,
  pattern,
  build(define, hooks) {
    // What is compressed comes in other pieces.
    const server = hooks.app(createServer({ debug: false, compression: false }));
    const ready = wire(server, define, 'server').then(() => server.initialize());
    const { listener } = server;
    const listen: RequestListener = (request, response) =>
      void ready.then(() => listener.emit('request', request, response));
    return listen;
  },
};

function pattern(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

let plugins = 0;

/** @param sandbox what extensions hold for */
async function wire(
  server: Server,
  define: (app: Application) => void,
  sandbox: 'server' | 'plugin',
): Promise<void> {
  const registered: (() => Promise<void>)[] = [];
  const mount = (path: string, define: (app: Application) => void): void => {
    const name = `plugin-${++plugins}`;
    const plugin = { name, register: (inner: Server) => wire(inner, define, 'plugin') };
    registered.push(() => server.register(plugin, { routes: { prefix: pattern(path) } }));
  };
  define({
    on(method, path, ...handlers) {
      const handler = native(handlers.pop() as Handler);
      const pre = handlers.map((handler) => ({ method: step(handler) }));
      server.route({ method, path: pattern(path), handler, options: { pre } });
    },
    use: (handler) => server.ext('onPreHandler', step(handler), { sandbox }),
    mount,
    mountApp: mount,
    onError: (handler) =>
      server.ext(
        'onPreResponse',
        (request, h) => {
          const { response } = request;
          return response instanceof Error ? answer(handler, request, h, response) : h.continue;
        },
        { sandbox },
      ),
  });
  for (const register of registered) await register();
}

function native(handler: Handler): (request: Request, h: ResponseToolkit) => never {
  return (request, h) => handler(exchangeOf(request, h)) as never;
}

function step(handler: Handler): (request: Request, h: ResponseToolkit) => Promise<symbol> {
  return async (request, h) => {
    await handler(exchangeOf(request, h));
    return h.continue;
  };
}

function answer(
  handler: Parameters<Application['onError']>[0],
  request: Request,
  h: ResponseToolkit,
  error: unknown,
): ResponseObject {
  return handler(error, exchangeOf(request, h)) as ResponseObject;
}

function exchangeOf(request: Request, h: ResponseToolkit): Exchange {
  const respond = (body: unknown, status: number): ResponseObject =>
    h.response(body as string | undefined).code(status);
  return {
    raw: request.raw.req,
    header: (name) => request.headers[name] as string | undefined,
    param: (name) => (request.params as Record<string, string | undefined>)[name],
    body: async () => request.payload,
    json: (value, status = 200) => respond(value, status),
    send(body, type = 'text/plain', status = 200) {
      return respond(body instanceof Uint8Array ? Buffer.from(body) : body, status).type(type);
    },
    redirect: (path) => h.redirect(path),
    stream: (type, produce) => respond(streamOf(produce), 200).type(type),
    pass: (error) => error,
  };
}
