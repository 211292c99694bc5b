/**
 * tRPC 11. Its requests are those of the server that it runs on; middleware in front of all procedures adds which of them were
 * called, and their errors, which tRPC answers itself. All other errors are seen where they are formatted.
 */
import { hideBodies } from '../event/written.ts';
import { addNote } from '../observe/breadcrumbs.ts';
import { passageOf } from '../observe/trail.ts';
import type { Scope } from '../scope.ts';
import { activeScope, runOutside } from '../scope.ts';
import { activeClient } from '../start.ts';
import { operationScope } from './graphql.ts';
import { noteReadable } from './node-http.ts';
import { noteEscape } from './request.ts';

/** The parts of what `initTRPC.create()` gives that are used here. */
interface Root {
  _config: Config;
  router: unknown;
  mergeRouters(...routers: unknown[]): { _def: { _config: Config } };
  procedure: { use(middleware: (call: Call) => Promise<Result>): Root['procedure'] };
  createCallerFactory: unknown;
}

interface Config {
  transformer: Record<'input' | 'output', { serialize(value: unknown): unknown }>;
  errorFormatter(answered: Answered): unknown;
}

/** What an error is formatted of; one that came to no procedure has a type that is unknown. */
interface Answered {
  error: TrpcError;
  path: string | undefined;
  type: string;
}

interface Call {
  path: string;
  next(): Promise<Result>;
}

type Result = { ok: true } | { ok: false; error: TrpcError };

type TrpcError = Error & { code: string };

let adopted: WeakSet<object> | undefined;
let readable: WeakMap<Config, boolean> | undefined;

/** Injected around `initTRPC.create()`. Returns its argument. */
export function trpcRoot<T>(root: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isRoot(root)) adopt(root);
  } catch {
    // What does not look like one is none of ours.
  }
  return root;
}

function isRoot(value: unknown): value is Root {
  if (typeof value !== 'object' || value === null) return false;
  const { router, procedure, createCallerFactory } = value as Partial<Root>;
  return [router, procedure?.use, createCallerFactory].every((method) => typeof method === 'function');
}

function adopt(root: Root): void {
  adopted ??= new WeakSet();
  if (adopted.has(root)) return;
  adopted.add(root);
  const { _config: config, mergeRouters } = root;
  root.procedure = root.procedure.use((call) => watchProcedure(call, config));
  watchErrors(config);
  root.mergeRouters = (...routers) => {
    const merged = runOutside(() => mergeRouters(...routers));
    watchErrors(merged._def._config);
    return merged;
  };
}

/** Routers with several ways to format errors, but for that of tRPC, cannot be merged: only a request finds another in its place. */
function watchErrors(config: Config): void {
  let { errorFormatter } = config;
  const watched: typeof errorFormatter = function (this: Config, answered) {
    noteAnswer(answered, config);
    return errorFormatter.call(this, answered);
  };
  // Not what throws where it cannot be: routers are merged in the application.
  Reflect.defineProperty(config, 'errorFormatter', {
    get: () => (activeScope() === undefined ? errorFormatter : watched),
    set(own: typeof errorFormatter) {
      errorFormatter = own;
    },
    enumerable: true,
    configurable: true,
  });
}

/** Asked for the first request: who captures nothing has nothing called for it. */
function isReadable(config: Config): boolean {
  readable ??= new WeakMap();
  const known = readable.get(config) ?? keepsNames(config);
  readable.set(config, known);
  return known;
}

/** Whether names stand beside their values in what is sent: transformers may write them apart, and nothing could be masked. */
function keepsNames({ transformer }: Config): boolean {
  try {
    const { input, output } = transformer;
    return [input, output].every((way) =>
      JSON.stringify(way.serialize({ name: 'value' })).includes('"name":"value"'),
    );
  } catch {
    // Nobody knows what it writes.
    return false;
  }
}

/** tRPC hands errors back as results: nothing is thrown through it, and nothing is rejected. */
async function watchProcedure({ path, next }: Call, config: Config): Promise<Result> {
  const scope = operationScope();
  if (scope === undefined) return next();
  noteProcedure(scope, path, config);
  const result = await next();
  if (!result.ok) noteError(scope, result.error, path);
  return result;
}

/** Those of procedures have been told of, unless they came from a context, or piece by piece. */
function noteAnswer({ error, path, type }: Answered, config: Config): void {
  try {
    const scope = operationScope();
    if (scope === undefined) return;
    if (path !== undefined && type !== 'unknown') noteProcedure(scope, path, config);
    const { refusal } = scope;
    noteError(scope, error, path, passageOf(originOf(error), scope.trail).claimed);
    // What comes to no procedure is like any other request of its server.
    if (type === 'unknown') scope.refusal = refusal;
  } catch {
    // The answer of the application matters, ours does not.
  }
}

function hideAtEnd(scope: Scope): void {
  const { atEnd, describe } = scope;
  scope.atEnd = (ended, draft) => {
    atEnd?.(ended, draft);
    ended.body = undefined;
    hideBodies(draft);
  };
  if (describe === undefined) return;
  scope.describe = (draft, exchange) => {
    describe(draft, exchange);
    hideBodies(draft);
  };
}

/** Those of a batch as its URL has them, each once. */
function noteProcedure(scope: Scope, path: string, config: Config): void {
  const { metadata } = scope;
  const known = metadata['procedure'];
  if (known === undefined) {
    if (isReadable(config)) noteReadable(scope);
    else hideAtEnd(scope);
  }
  const paths = typeof known === 'string' ? known.split(',') : [];
  if (!paths.includes(path)) metadata['procedure'] = [...paths, path].join(',');
}

/** An error that is answered: a failure of the application's, or what it says to the client on purpose. */
function noteError(scope: Scope, error: TrpcError, path: string | undefined, isKnown = false): void {
  try {
    const { code, message } = error;
    const isFailure = FAILURES.test(code);
    if (!isKnown) addNote(scope.trail, message, 'trpc', isFailure ? 'error' : 'warning', { path, code });
    const thrown = originOf(error);
    passageOf(thrown, scope.trail).claimed = true;
    if (isFailure) noteEscape(scope, thrown, false);
    else scope.refusal ??= error;
  } catch {
    // The error of the application matters, ours does not.
  }
}

/** The codes that tRPC answers with a status of 500 and more. */
const FAILURES =
  /^(?:INTERNAL_SERVER_ERROR|NOT_IMPLEMENTED|BAD_GATEWAY|SERVICE_UNAVAILABLE|GATEWAY_TIMEOUT)$/;

/** What was thrown is put into an error of tRPC's, which has the stack of its cause. */
function originOf(error: TrpcError): unknown {
  const { cause, stack } = error;
  return cause instanceof Error && cause.stack === stack ? cause : error;
}
