/** Apollo Server 5: a plugin, as anybody may add one to a server that has not been started. */
import { activeClient } from '../start.ts';
import type { Operation } from './graphql.ts';
import { noteError, noteErrors, noteOperation, operationScope } from './graphql.ts';
import { watchIncoming } from './incoming.ts';

/** The parts of a server that are used here. */
interface ApolloServer {
  addPlugin(plugin: object): void;
  executeHTTPGraphQLRequest: unknown;
  internals?: { plugins?: unknown };
}

/** What Apollo tells its plugins of an operation. */
interface OperationContext {
  request?: { http?: { body?: unknown } };
  operation?: Operation;
  errors?: unknown;
}

/** Injected around `new ApolloServer()`. Returns its argument. */
export function apolloServer<T>(server: T): T {
  try {
    // A server that fails while it starts has its guards by then.
    activeClient();
    if (isServer(server)) adopt(server);
  } catch {
    // What does not look like one is none of ours.
  }
  return server;
}

/** Injected around `startStandaloneServer()`, which has not begun to listen by then. Returns its argument. */
export function apolloStandalone<T>(started: T): T {
  watchIncoming();
  return started;
}

function isServer(value: unknown): value is ApolloServer {
  if (typeof value !== 'object' || value === null) return false;
  const { addPlugin, executeHTTPGraphQLRequest } = value as Partial<ApolloServer>;
  return typeof addPlugin === 'function' && typeof executeHTTPGraphQLRequest === 'function';
}

/** Servers that were given one list of plugins share it. */
function adopt(server: ApolloServer): void {
  const plugins = server.internals?.plugins;
  if (!Array.isArray(plugins) || !plugins.includes(apolloPlugin)) server.addPlugin(apolloPlugin);
}

/** Apollo knows its hooks by these names, and waits for all but a few of them. */
export const apolloPlugin: object = {
  contextCreationDidFail: noteFailure,
  invalidRequestWasReceived: noteFailure,
  unexpectedErrorProcessingRequest: noteFailure,
  async requestDidStart({ request }: OperationContext): Promise<object | undefined> {
    const scope = operationScope();
    // Where the server that it runs on has no body to tell of.
    if (scope !== undefined) scope.body ??= request?.http?.body;
    return (
      scope && {
        async didResolveOperation({ operation }: OperationContext) {
          noteOperation(scope, operation);
        },
        async didEncounterErrors({ errors }: OperationContext) {
          noteErrors(scope, errors);
        },
        async didEncounterSubsequentErrors(_: OperationContext, errors: unknown) {
          noteErrors(scope, errors);
        },
      }
    );
  },
};

async function noteFailure({ error }: { error: unknown }): Promise<void> {
  noteError(operationScope(), error);
}
