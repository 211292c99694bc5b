/** A command of `replaystack`, and how its part of the command line is read. */
import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import { nearest } from '../nearest.ts';
import { Failure } from './failure.ts';

export interface Command {
  /** What `--help` prints. */
  help: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** Writes to stdout what was asked for. @throws Failure */
  run(given: CommandLine): Promise<void>;
}

export interface CommandLine {
  values: Readonly<Record<string, unknown>>;
  positionals: readonly string[];
}

/** @throws Failure with the nearest name of an option that there is not */
export function readCommandLine(args: string[], options: Command['options']): CommandLine {
  try {
    return parseArgs({ args, options, allowPositionals: true }) as CommandLine;
  } catch (error) {
    // parseArgs goes on to explain how `--` works.
    const sentence = (error as Error).message.replace(/(?:\. |\n).*/s, '').replace(/\.$/, '');
    const unknown = /^Unknown option '-*([^']+)'/.exec(sentence)?.[1];
    const meant = unknown === undefined ? undefined : nearest(unknown, Object.keys(options));
    throw new Failure(`${sentence}${meant === undefined ? '.' : `, did you mean --${meant}?`}`, 2);
  }
}
