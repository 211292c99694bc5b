/**
 * Fastify. The scope opens where its server hands a request to it, before routing and all hooks; two hooks of the app, which
 * every plugin inherits, add what only Fastify's own request knows, and the errors. Handlers stay as they are.
 */
import type { Scope } from '../scope.ts';
import { activeScope, runInScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { isKnownRequest } from '../requests.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { noteAddress, runNodeRequest, scopeOfRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { noteEscape } from './request.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The parts of a Fastify instance that are used here. */
interface FastifyApp {
  server: {
    listeners(event: 'request'): unknown[];
    on(event: 'request', listener: RequestListener): unknown;
    removeListener(event: 'request', listener: RequestListener): unknown;
  };
  /** What its server calls for each request. */
  routing: RequestListener;
  addHook(name: 'onRequest', hook: typeof onRequest): unknown;
  addHook(name: 'onError', hook: typeof onError): unknown;
  addContentTypeParser: AnyFunction;
}

type RequestListener = (this: unknown, request: NodeRequest, response: NodeResponse) => unknown;

interface FastifyRequest {
  raw: NodeRequest;
  body: unknown;
  /** As far as proxies are trusted. A getter, that looks at the socket. */
  ip: string | undefined;
  /** Makes a new object each time. */
  routeOptions: { url?: string | undefined };
}

interface FastifyReply {
  raw: NodeResponse & { prependListener(event: 'close', listener: () => void): unknown };
}

let adopted: WeakSet<object> | undefined;

/** Injected around `fastify()`. Returns its argument. */
export function fastifyApp<T>(app: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isApp(app)) adopt(app);
  } catch {
    // An app that does not look like one is none of ours.
  }
  return app;
}

/** Nothing but Fastify makes objects with this symbol: a mock of an app must not find itself called. */
function isApp(value: unknown): value is FastifyApp {
  return (
    ownSymbol(value, 'fastify.hooks') !== undefined && typeof (value as FastifyApp).addHook === 'function'
  );
}

function ownSymbol(value: unknown, description: string): symbol | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertySymbols(value).find((symbol) => symbol.description === description);
}

function adopt(app: FastifyApp): void {
  adopted ??= new WeakSet();
  if (adopted.has(app)) return;
  adopted.add(app);
  app.addHook('onRequest', onRequest);
  app.addHook('onError', onError);
  app.addContentTypeParser = wrapFunction(app.addContentTypeParser, (add, self, args) =>
    Reflect.apply(
      add,
      self,
      args.map((argument) => (typeof argument === 'function' ? inScope(argument as AnyFunction) : argument)),
    ),
  );
  const { server, routing } = app;
  // A server of the application's own may call it from a listener of its own: then the hook opens the scope.
  if (!server.listeners('request').includes(routing)) return;
  server.removeListener('request', routing);
  server.on('request', function preRouting(request, response) {
    if (activeClient() === undefined) return Reflect.apply(routing, this, [request, response]);
    return runNodeRequest(
      request,
      response,
      'fastify',
      () => Reflect.apply(routing, this, [request, response]),
      requestBody,
    );
  });
}

function onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (activeClient() === undefined) return done();
  const { raw } = request;
  // Of `inject()`, of a second server for the same host, or of a server that is not Fastify's.
  if (!isKnownRequest(raw) && isNodeRequest(raw) && isNodeResponse(reply.raw) && !isUpgrade(raw)) {
    return runNodeRequest(raw, reply.raw, 'fastify', () => noteRequest(request, done), requestBody);
  }
  noteRequest(request, done);
}

/** Parsers of a whole body are called from the request's own events, which know of no scope. */
function inScope(parser: AnyFunction): AnyFunction {
  return wrapFunction(parser, (parse, self, args) => {
    const call = (): unknown => Reflect.apply(parse, self, args);
    const [request] = args as [FastifyRequest | undefined];
    const lost = activeScope() === undefined && isNodeRequest(request?.raw);
    const scope = lost ? scopeOfRequest(request.raw) : undefined;
    return scope === undefined ? call() : runInScope(scope, call);
  });
}

/** Plugins for WebSockets route the request of a connection, which is never answered. */
function isUpgrade({ headers }: NodeRequest): boolean {
  return typeof headers['upgrade'] === 'string' && headers['upgrade'].toLowerCase() === 'websocket';
}

function noteRequest(request: FastifyRequest, done: () => void): void {
  try {
    const scope = scopeOfRequest(request.raw);
    if (scope !== undefined) {
      scope.context = request;
      noteAddress(request.raw, request.ip);
      const { url } = request.routeOptions;
      if (url !== undefined) scope.metadata['route'] = url;
    }
  } catch {
    // Not the request we know.
  }
  done();
}

function onError(request: FastifyRequest, reply: FastifyReply, error: unknown, done: () => void): void {
  try {
    const scope = scopeOfRequest(request.raw);
    if (scope !== undefined) {
      noteEscape(scope, error, true);
      // Error handlers may hand it on, to the next one and at last to Fastify's own.
      reply.raw.prependListener('close', () => {
        if (isAnsweredByFastify(reply)) noteEscape(scope, error, false);
      });
    }
  } catch {
    // The error of the application matters, ours does not.
  }
  done();
}

/** Whose turn it would be if the error handler failed: nobody's, behind Fastify's own. */
function isAnsweredByFastify(reply: FastifyReply): boolean {
  const next = ownSymbol(reply, 'fastify.reply.nextErrorHandler');
  return next !== undefined && !(reply as unknown as Record<symbol, unknown>)[next];
}

/** What a content type parser made of the body; some hand on the stream itself, or take it apart later. */
function requestBody(scope: Scope): unknown {
  const { body } = (scope.context as FastifyRequest | undefined) ?? {};
  return typeof (body as { pipe?: unknown } | null | undefined)?.pipe === 'function' ? undefined : body;
}
