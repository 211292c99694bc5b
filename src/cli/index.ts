#!/usr/bin/env node
/**
 * The command `replaystack`. Exits with 0 if it did what it was asked for, with 1 if it could not, and with 2 for a wrong command
 * line; why is a sentence on stderr.
 *
 * @module
 */
import { nearest } from '../nearest.ts';
import type { Command } from './command.ts';
import { readCommandLine } from './command.ts';
import { Failure } from './failure.ts';

declare const __REPLAYSTACK_VERSION__: string;

const HELP = `Usage: replaystack <command>

  explain <file…>            what the plugin would do with source files, and why
  symbolicate <event.json>   an event with the frames of the original source

  --help, -h                 of a command, too: replaystack explain --help
  --version, -v
`;

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  explain: async () => (await import('./explain/index.ts')).explain,
  symbolicate: async () => (await import('./symbolicate/index.ts')).symbolicate,
};

const COMMON: Command['options'] = { help: { type: 'boolean', short: 'h' } };

async function run([name = '', ...args]: string[]): Promise<void> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) {
    const command = await load();
    const given = readCommandLine(args, { ...command.options, ...COMMON });
    if (given.values['help'] === true) process.stdout.write(command.help);
    else await command.run(given);
    return;
  }
  const { values, positionals } = readCommandLine([name, ...args].filter(Boolean), {
    ...COMMON,
    version: { type: 'boolean', short: 'v' },
  });
  if (values['version'] === true) console.log(__REPLAYSTACK_VERSION__);
  else if (values['help'] === true) process.stdout.write(HELP);
  else {
    const [unknown] = positionals;
    if (unknown === undefined) throw new Failure(HELP.trimEnd(), 2);
    const meant = nearest(unknown, Object.keys(commands));
    const hint = meant === undefined ? '; replaystack --help has all of them.' : `, did you mean ${meant}?`;
    throw new Failure(`There is no command "${unknown}"${hint}`, 2);
  }
}

// Whoever reads may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
