/** Events as they are kept: one, a list, the body of a bulk request, one on each line, or a file of the spool. */
import { readFileSync } from 'node:fs';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { Failure, reasonOf } from '../failure.ts';

export interface Events {
  events: readonly ReplayStackEvent[];
  /** The same in the form in which they came. */
  write(events: readonly ReplayStackEvent[]): string;
}

/** What stands before each record in a file of the spool: its length and its checksum. */
const RECORD = /^[\da-f]{8} [\da-f]{8} /;

/**
 * @param input a file, or `-` for stdin
 * @throws Failure
 */
export function readEvents(input: string): Events {
  const name = input === '-' ? 'The input' : input;
  let text: string;
  try {
    text = readFileSync(input === '-' ? 0 : input, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new Failure(`${name} cannot be read: ${reasonOf(error)}.`);
  }
  const read = parseWhole(text) ?? parseLines(text, name);
  if (!read.events.every(isEvent) || read.events.length === 0) throw new Failure(`${name} holds no event.`);
  return read;
}

function parseWhole(text: string): Events | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const indented = (value: unknown): string => JSON.stringify(value, undefined, 2);
  if (Array.isArray(value)) return { events: value as ReplayStackEvent[], write: indented };
  const { events } = Object(value) as { events?: unknown };
  if (Array.isArray(events))
    return { events: events as ReplayStackEvent[], write: (events) => indented({ events }) };
  return { events: [value as ReplayStackEvent], write: ([event]) => indented(event) };
}

function parseLines(text: string, name: string): Events {
  const events: ReplayStackEvent[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const json = line.replace(RECORD, '').trim();
    // The spool writes lists on what became of its events.
    if (json === '' || json.startsWith('[')) continue;
    try {
      events.push(JSON.parse(json) as ReplayStackEvent);
    } catch (error) {
      // What is no JSON in the first line is none, and not several.
      const place = index === 0 ? '' : ` in line ${index + 1}`;
      throw new Failure(`${name} is no JSON${place}: ${reasonOf(error)}.`);
    }
  }
  return { events, write: (events) => events.map((event) => JSON.stringify(event)).join('\n') };
}

function isEvent(value: unknown): boolean {
  const { traceId, stackFrames } = Object(value) as { traceId?: unknown; stackFrames?: unknown };
  return typeof traceId === 'string' || Array.isArray(stackFrames);
}
