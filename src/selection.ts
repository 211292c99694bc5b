/** What is looked for in modules: of all that is known, what the plugin's options ask for. */
import type { ResolvedPluginOptions } from './options/index.ts';
import { resolveOptions } from './options/index.ts';
import type { Convention } from './transform/conventions/types.ts';
import { recognisers } from './transform/frameworks/index.ts';
import type { TransformOptions } from './transform/index.ts';
import { jobs } from './transform/jobs/index.ts';
import { createPrefilter } from './transform/prefilter.ts';

/**
 * @param input what the user wrote
 * @param conventions whose names `routes` may list
 * @throws when there is something wrong with the options
 */
export function readOptions(input: unknown, conventions: readonly Convention[]): ResolvedPluginOptions {
  const routes = [...recognisers, ...conventions].map(({ name }) => name);
  return resolveOptions(input, { routes, jobs: jobs.map(({ name }) => name) });
}

/**
 * @param conventions that the project follows
 * @param packages that it declares, if that is known
 */
export function selectTargets(
  options: ResolvedPluginOptions,
  conventions: readonly Convention[],
  packages?: ReadonlySet<string>,
): TransformOptions {
  const { routes, functions } = options;
  const isWanted = ({ name }: { name: string }): boolean => routes === true || routes.includes(name);
  const asked = [...options.recognisers, ...recognisers].filter(isWanted);
  const known = {
    recognisers: asked,
    jobs: jobs.filter(({ name }) => options.jobs === true || options.jobs.includes(name)),
    conventions: conventions.filter(isWanted),
  };
  return { ...known, prefilter: createPrefilter(known), packages, functions };
}
