/** `replaystack symbolicate`: events with the frames of the original source, by maps that were not where the application ran. */
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { readEvents } from './events.ts';
import type { Resolved } from './frames.ts';
import { createResolver } from './frames.ts';
import { openMaps } from './maps.ts';
import { describeEvent } from './text.ts';

const CONTEXT = 2;

export const symbolicate: Command = {
  help: `Usage: replaystack symbolicate [options] <event.json or ->

Shows the stack of an event as it is in the original source. The file, or what comes by stdin (-), holds an event, a list of
them, or one on each line. Maps are found by their debug ids, or by the names of the files that they belong to.

  --maps <directory>  where to look for maps, at any depth; or a single map
  --context <lines>   of the source around each place (${CONTEXT})
  --json              the input again, with original frames
`,
  options: {
    maps: { type: 'string' },
    context: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }) {
    const [input, ...more] = positionals;
    const maps = values['maps'] as string | undefined;
    const example = 'replaystack symbolicate event.json --maps dist';
    if (input === undefined || more.length > 0) throw new Failure(`Name one file with events: ${example}`, 2);
    if (maps === undefined) throw new Failure(`Say where the maps are: ${example}`, 2);
    const around = toCount(values['context'] as string | undefined);

    const { events, write } = readEvents(input);
    const { resolve, notes, total } = createResolver(await openMaps(maps));
    const resolved: Resolved[] = events.map(resolve);
    if (total() === 0) {
      throw new Failure(notes()[0] ?? `There are no frames of a bundle in ${nameOf(input)}.`);
    }
    if (values['json'] === true) console.log(write(resolved.map(({ event }) => event)));
    else console.log(resolved.map((one) => describeEvent(one, around).join('\n')).join('\n\n'));
    for (const note of notes()) console.error(note);
  },
};

function nameOf(input: string): string {
  return input === '-' ? 'the input' : input;
}

function toCount(text: string | undefined): number {
  if (text === undefined) return CONTEXT;
  if (!/^\d{1,4}$/.test(text)) throw new Failure(`--context takes a number of lines, and not "${text}".`, 2);
  return Number(text);
}
