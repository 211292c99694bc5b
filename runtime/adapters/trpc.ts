/**
 * tRPC 11. Its requests are those of the server that it runs on; middleware in front of all procedures adds which of them were
 * called, and the errors, which tRPC answers itself.
 */
import { hideBodies } from '../event/written.ts';
import { addNote } from '../observe/breadcrumbs.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { noteReadable } from './node-http.ts';
import { noteEscape } from './request.ts';

/** The parts of what `initTRPC.create()` gives that are used here. */
interface Root {
  _config: { transformer: Record<'input' | 'output', { serialize(value: unknown): unknown }> };
  router: unknown;
  procedure: { use(middleware: (call: Call) => Promise<Result>): Root['procedure'] };
  createCallerFactory: unknown;
}

interface Call {
  path: string;
  next(): Promise<Result>;
}

type Result = { ok: true } | { ok: false; error: TrpcError };

type TrpcError = Error & { code: string };

let adopted: WeakSet<object> | undefined;
let readable: WeakMap<object, boolean> | undefined;

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
  root.procedure = root.procedure.use((call) => watchProcedure(call, root));
}

/** Asked for the first request: who captures nothing has nothing called for it. */
function isReadable(root: Root): boolean {
  readable ??= new WeakMap();
  const known = readable.get(root) ?? keepsNames(root);
  readable.set(root, known);
  return known;
}

/** Whether names stand beside their values in what is sent: transformers may write them apart, and nothing could be masked. */
function keepsNames({ _config }: Root): boolean {
  try {
    const { input, output } = _config.transformer;
    return [input, output].every((way) =>
      JSON.stringify(way.serialize({ name: 'value' })).includes('"name":"value"'),
    );
  } catch {
    // Nobody knows what it writes.
    return false;
  }
}

/** tRPC hands errors back as results: nothing is thrown through it, and nothing is rejected. */
async function watchProcedure({ path, next }: Call, root: Root): Promise<Result> {
  const scope = activeScope();
  if (scope === undefined || scope.trail.muted) return next();
  if (scope.metadata['procedure'] === undefined) {
    if (isReadable(root)) noteReadable(scope);
    else hideAtEnd(scope);
  }
  noteProcedure(scope, path);
  const result = await next();
  if (!result.ok) noteError(scope, result.error, path);
  return result;
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
function noteProcedure({ metadata }: Scope, path: string): void {
  const known = metadata['procedure'];
  const paths = typeof known === 'string' ? known.split(',') : [];
  if (!paths.includes(path)) metadata['procedure'] = [...paths, path].join(',');
}

/** An error that is answered: a failure of the application's, or what it says to the client on purpose. */
function noteError(scope: Scope, error: TrpcError, path: string): void {
  try {
    const { code, cause, message } = error;
    const isFailure = FAILURES.test(code);
    addNote(scope.trail, message, 'trpc', isFailure ? 'error' : 'warning', { path, code });
    // What was thrown is put into an error of tRPC's, which has the stack of its cause.
    const isWrapped = cause instanceof Error && cause.stack === error.stack;
    if (isFailure) noteEscape(scope, isWrapped ? cause : error, false);
    else scope.refusal ??= error;
  } catch {
    // The error of the application matters, ours does not.
  }
}

/** The codes that tRPC answers with a status of 500 and more. */
const FAILURES =
  /^(?:INTERNAL_SERVER_ERROR|NOT_IMPLEMENTED|BAD_GATEWAY|SERVICE_UNAVAILABLE|GATEWAY_TIMEOUT)$/;
