/** The demo's command line. */
import { parseArgs } from 'node:util';
import { nearest } from '../../nearest.ts';

export const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const;

export type Bundler = (typeof BUNDLERS)[number];

export interface DemoOptions {
  bundler: Bundler;
  /** Events alone on stdout, one a line. */
  json: boolean;
}

const USAGE = `npm run demo -- [--bundler ${BUNDLERS.join('|')}] [--json]`;

function isBundler(name: string): name is Bundler {
  return (BUNDLERS as readonly string[]).includes(name);
}

/** @returns the options, or one line that says what is wrong with them */
export function parseArguments(args: string[]): DemoOptions | string {
  let values: { bundler: string; json: boolean };
  try {
    ({ values } = parseArgs({
      args,
      options: { bundler: { type: 'string', default: 'vite' }, json: { type: 'boolean', default: false } },
    }));
  } catch (error) {
    // parseArgs goes on to explain how `--` works.
    return `${(error as Error).message.replace(/\. .*/s, '')}. Usage: ${USAGE}`;
  }
  const { bundler, json } = values;
  if (isBundler(bundler)) return { bundler, json };
  const meant = nearest(bundler, BUNDLERS);
  return `There is no bundler "${bundler}"${meant === undefined ? '' : `, did you mean ${meant}`}? Usage: ${USAGE}`;
}
