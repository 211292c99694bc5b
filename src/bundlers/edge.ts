/** How a build tells that it is for workers or edge functions: by the conditions under which it resolves packages. */
import type { Flavour } from '../build-module.ts';

/** `worker` is none of them: it stands for those of browsers as well. */
const EDGE: readonly string[] = ['workerd', 'edge-light', 'netlify'];

/** Whether a build is for a server that has none of Node's modules. */
export function isEdge(conditions: unknown): boolean {
  return Array.isArray(conditions) && conditions.some((condition) => EDGE.includes(condition as string));
}

/** What Vite gives its plugins: it builds for several platforms at a time. */
interface Context {
  environment?: { config: { resolve: { conditions?: unknown } } } | undefined;
}

/** The flavour for the environment that a hook runs for, where the bundler has more than one. */
export function flavourOf(context: object): Flavour | undefined {
  const { environment } = context as Context;
  return environment && (isEdge(environment.config.resolve.conditions) ? 'edge' : 'node');
}
