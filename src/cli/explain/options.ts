/** The plugin's options, as the command line gives them. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ResolvedPluginOptions } from '../../options/index.ts';
import { readOptions } from '../../selection.ts';
import { Failure, reasonOf } from '../failure.ts';
import { conventions } from './conventions.ts';

/**
 * @param given a file, or JSON itself
 * @throws Failure if they cannot be read, or with all that is wrong with them
 */
export async function readGivenOptions(given: string | undefined): Promise<ResolvedPluginOptions> {
  const input = given === undefined ? undefined : await load(given);
  try {
    return readOptions(input, conventions);
  } catch (error) {
    throw new Failure((error as Error).message, 2);
  }
}

async function load(given: string): Promise<unknown> {
  if (given.trimStart().startsWith('{')) return parse(given, '--config');
  if (extname(given) === '.json') return parse(await read(given), given);
  try {
    const module = (await import(pathToFileURL(resolve(given)).href)) as { default?: unknown };
    if ('default' in module) return module.default;
  } catch (error) {
    throw new Failure(`${given} cannot be loaded: ${reasonOf(error)}.`);
  }
  throw new Failure(`${given} has no default export with the plugin's options.`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${reasonOf(error)}.`);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${name} is no JSON: ${reasonOf(error)}.`, name === '--config' ? 2 : 1);
  }
}
