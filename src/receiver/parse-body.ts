/** From the text of a body to its events, or to the list of what is wrong with them. */
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { isRecord } from './checks.ts';
import { validateEvent } from './validate-event.ts';

const MAX_BULK = 100;

/** A message that lists more helps nobody. */
const MAX_PROBLEMS = 20;

export type Parsed = { events: ReplayStackEvent[] } | { problems: string[] };

function parseJson(text: string, read: (json: unknown) => Parsed): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [`The body is no JSON: ${(error as Error).message}`] };
  }
  return read(json);
}

function checked(events: unknown[], problems: string[]): Parsed {
  if (problems.length === 0) return { events: events as ReplayStackEvent[] };
  const more = problems.length - MAX_PROBLEMS;
  return { problems: [...problems.slice(0, MAX_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])] };
}

/** @param text one event */
export function parseEvent(text: string): Parsed {
  return parseJson(text, (json) => checked([json], validateEvent(json)));
}

/** @param text `{ "events": [ … ] }` with 1 to 100 events, all of which have to be right */
export function parseBulk(text: string): Parsed {
  return parseJson(text, (json) => {
    if (!isRecord(json) || !Array.isArray(json['events']) || Object.keys(json).length > 1) {
      return { problems: ['The body must be { "events": [ … ] } and nothing else'] };
    }
    const events: unknown[] = json['events'];
    if (events.length === 0 || events.length > MAX_BULK) {
      return { problems: [`events must have 1 to ${MAX_BULK} entries, not ${events.length}`] };
    }
    const problems = events.flatMap((event, index) =>
      validateEvent(event).map((problem) => `events[${index}]: ${problem}`),
    );
    return checked(events, problems);
  });
}
