/** GraphQL Yoga 5: a plugin in front of all others, which sees results before errors are masked. */
import type { Scope } from '../scope.ts';
import { activeClient } from '../start.ts';
import type { Operation } from './graphql.ts';
import { noteError, noteErrors, noteOperation, operationScope, withPlugin } from './graphql.ts';

/** What an operation is run with. */
interface Execution {
  args: { document: { definitions: readonly Operation[] }; operationName?: string | null };
}

/** Of an operation that is answered piece by piece, the result is what the pieces come from. */
interface Done {
  result: { errors?: unknown; [Symbol.asyncIterator]?: unknown } | undefined;
}

interface Errors {
  registerContextErrorHandler(handler: (failed: { error: unknown }) => void): void;
}

/** Yoga knows its hooks by these names. */
interface YogaPlugin {
  onPluginInit(init: Errors): void;
  onYogaInit(init: { yoga: { graphqlEndpoint: string } }): void;
  onRequestParse(parse: { request: Request }): { onRequestParseDone: OnParsed } | undefined;
  /** Yoga keeps what is wrong with a text, and then throws it past all hooks that are called with a result. */
  instrumentation: { parse(payload: unknown, parse: () => void): void };
  onValidate(): ((validated: { result: unknown }) => void) | undefined;
  onExecute(execution: Execution): { onExecuteDone: OnDone } | undefined;
  onSubscribe(execution: Execution): { onSubscribeResult: OnDone; onSubscribeError: OnError } | undefined;
}

type OnDone = (done: Done) => { onNext(next: Done): void } | undefined;
type OnParsed = (parsed: { requestParserResult: unknown }) => void;
type OnError = (failed: { error: unknown }) => void;

/** Injected around what `createYoga()` takes. Returns the like of it, with a plugin of ours. */
export function yogaOptions<T>(options: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    return typeof options === 'object' && options !== null ? withPlugin(options, createPlugin()) : options;
  } catch {
    return options;
  }
}

function createPlugin(): YogaPlugin {
  let endpoint: string | undefined;
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ error }) => noteError(operationScope(), error));
    },
    onYogaInit({ yoga }) {
      endpoint = yoga.graphqlEndpoint;
    },
    onRequestParse({ request }) {
      const scope = operationScope(endpoint);
      if (scope === undefined || request.method === 'GET') return undefined;
      return { onRequestParseDone: (parsed) => void (scope.body = parsed.requestParserResult) };
    },
    instrumentation: {
      parse(_, parse) {
        try {
          parse();
        } catch (error) {
          noteError(operationScope(), error);
          throw error;
        }
      },
    },
    onValidate() {
      const scope = operationScope();
      return scope && (({ result }) => noteErrors(scope, result));
    },
    onExecute(execution) {
      const scope = begin(execution);
      return scope && { onExecuteDone: (done) => noteResult(scope, done) };
    },
    onSubscribe(execution) {
      const scope = begin(execution);
      return (
        scope && {
          onSubscribeResult: (done) => noteResult(scope, done),
          onSubscribeError: ({ error }) => noteError(scope, error),
        }
      );
    },
  };
}

function begin({ args }: Execution): Scope | undefined {
  const scope = operationScope();
  if (scope === undefined) return undefined;
  try {
    const { document, operationName } = args;
    const isMeant = ({ kind, name }: Operation): boolean =>
      kind === 'OperationDefinition' && (operationName ? name?.value === operationName : true);
    noteOperation(scope, document.definitions.find(isMeant));
  } catch {
    // Not the document that we know.
  }
  return scope;
}

function noteResult(scope: Scope, { result }: Done): ReturnType<OnDone> {
  if (typeof result?.[Symbol.asyncIterator] !== 'function') {
    noteErrors(scope, result?.errors);
    return undefined;
  }
  return { onNext: (next) => noteErrors(scope, next.result?.errors) };
}
