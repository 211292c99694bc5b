/**
 * What servers of GraphQL have in common. Their requests are those of the server that they run on; what is added is which operations
 * were asked for, and the errors, which are part of an answer that says 200.
 */
import { addNote } from '../observe/breadcrumbs.ts';
import type { Scope } from '../scope.ts';
import { activeScope } from '../scope.ts';
import { claimRequest, mountOfRequest } from './node-http.ts';
import { noteEscape, PLAIN_HTTP } from './request.ts';

/** The parts of an operation's syntax tree that are read here. */
export interface Operation {
  kind: string;
  operation?: string;
  name?: { value: string } | undefined;
}

/** The parts of a GraphQLError that are read here; what is thrown may be anything else. */
interface ResultError {
  message?: string;
  path?: readonly (string | number)[] | undefined;
  nodes?: readonly { kind: string }[] | undefined;
  originalError?: unknown;
  extensions?: { code?: unknown; http?: { status?: number } } | undefined;
}

/** Of an answer with more of them, the first ones tell enough. */
const MAX_ERRORS = 10;

/**
 * The scope of the request that the caller is part of, unless nothing is to be recorded of it.
 *
 * @param endpoint the pattern of its route, where what it runs on knows none
 */
export function operationScope(endpoint?: string): Scope | undefined {
  try {
    const scope = activeScope();
    if (scope === undefined || scope.closed || scope.trail.muted) return undefined;
    claimRequest(scope, PLAIN_HTTP);
    const route = endpoint ?? mountOfRequest(scope);
    if (route !== undefined) scope.metadata['route'] ??= route;
    return scope;
  } catch {
    return undefined;
  }
}

/** Those of a batch in their order, each once: `query Orders,mutation Pay`. */
export function noteOperation({ metadata }: Scope, node: Operation | undefined): void {
  if (node?.operation === undefined) return;
  const own = node.name ? `${node.operation} ${node.name.value}` : node.operation;
  const known = metadata['operation'];
  const operations = typeof known === 'string' ? known.split(',') : [];
  if (!operations.includes(own)) metadata['operation'] = [...operations, own].join(',');
}

/** The errors of a result, as they were before anybody hid what they say. */
export function noteErrors(scope: Scope, errors: unknown): void {
  if (!Array.isArray(errors)) return;
  for (const error of errors.slice(0, MAX_ERRORS)) noteError(scope, error);
}

/**
 * An error that is answered: a failure of the application's, or what it says to the client on purpose, as a GraphQLError or with a
 * code of its own.
 */
export function noteError(scope: Scope | undefined, error: unknown): void {
  try {
    if (scope === undefined || scope.closed) return;
    const { message = String(error), path, nodes, extensions } = Object(error) as ResultError;
    const { code, http } = extensions ?? {};
    const thrown = originOf(error);
    const isMeant =
      isGraphQLError(thrown) ||
      (typeof code === 'string' && code !== UNEXPECTED) ||
      // A variable that is not what it should be.
      nodes?.[0]?.kind === 'VariableDefinition';
    const isFailure = !isMeant || code === UNEXPECTED || (http?.status ?? 0) >= 500;
    addNote(scope.trail, message, 'graphql', isFailure ? 'error' : 'warning', {
      ...(path && { path: path.join('.') }),
      ...(typeof code === 'string' && { code }),
    });
    if (isFailure) noteEscape(scope, thrown, false);
  } catch {
    // The error of the application matters, ours does not.
  }
}

/** A copy with one plugin more, as the application may make several servers from the same options; whatever they are made of. */
export function withPlugin<T extends object>(options: T, plugin: object): T {
  const { plugins = [] } = options as { plugins?: unknown };
  if (!Array.isArray(plugins)) return options;
  return withProperty(options, 'plugins', [plugin, ...(plugins as unknown[])]);
}

/** A copy with its getters and its prototype, and with another value under one name. */
export function withProperty<T extends object>(options: T, name: string, value: unknown): T {
  return Object.create(Object.getPrototypeOf(options) as object, {
    ...Object.getOwnPropertyDescriptors(options),
    [name]: { value, enumerable: true, writable: true, configurable: true },
  }) as T;
}

const UNEXPECTED = 'INTERNAL_SERVER_ERROR';

/** What was thrown, perhaps by a GraphQLError that tells where in the operation it was. */
function originOf(error: unknown): unknown {
  const { originalError } = Object(error) as ResultError;
  return isGraphQLError(error) && originalError !== undefined && originalError !== null
    ? originOf(originalError)
    : error;
}

/** Its class may be one of several copies, or extend it. */
function isGraphQLError(value: unknown): boolean {
  const { name, [Symbol.toStringTag]: tag } = Object(value) as {
    name?: unknown;
    [Symbol.toStringTag]?: unknown;
  };
  return name === 'GraphQLError' || tag === 'GraphQLError';
}
