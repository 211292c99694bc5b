/**
 * What stands in a segment: records of a length, a checksum and JSON, a line each. Every record begins its line itself, so
 * that one that was torn ends where the next begins, and damage costs no more than what it hits.
 *
 * An event is an object. Where it stands is its name in the notes, which are lists: `["try",0,812]`. That it has changed is
 * a note, too: `["is",0,{…}]`.
 */

/** A line feed, two numbers of eight hexadecimal digits, and a space after each. */
const HEADER_BYTES = 19;
const LINE_FEED = 10;
const NUMBER = /^[\da-f]{8}$/;
const CHANGE = '["is",';

/**
 * What became of events: they were about to be sent, the receiver does not have them, or it has them or never will. Of an
 * event that was tried and no more is known, the answer was lost.
 */
export type Note = 'try' | 'kept' | 'done';

export interface StoredEvent {
  json: string;
  /** The receiver may have it: the answer was lost. */
  doubtful: boolean;
}

export interface Contents {
  /** The events that are not done, by the byte where they stand; in order. */
  events: Map<number, StoredEvent>;
  /** How many stretches could not be read. */
  damaged: number;
}

/** A record with this JSON. */
export function encode(json: string): Buffer {
  const bytes = Buffer.byteLength(json);
  const record = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  record.write(json, HEADER_BYTES);
  record.write(`\n${hex(bytes)} ${hex(checksum(record.subarray(HEADER_BYTES)))} `, 'latin1');
  return record;
}

/** A record with what the event there is from now on. */
export function encodeChange(at: number, json: string): Buffer {
  return encode(`${CHANGE}${at},${json}]`);
}

/** Reads what can be read of a segment; never throws. */
export function decode(segment: Buffer): Contents {
  const events = new Map<number, StoredEvent>();
  let damaged = 0;
  for (let at = 0; at < segment.length;) {
    const length = segment.toString('latin1', at + 1, at + 9);
    const end = at + HEADER_BYTES + parseInt(length, 16);
    const payload = segment.subarray(at + HEADER_BYTES, end);
    const sum = segment.toString('latin1', at + 10, at + 18);
    const isWhole =
      segment[at] === LINE_FEED &&
      NUMBER.test(length) &&
      end <= segment.length &&
      sum === hex(checksum(payload)) &&
      read(events, at, payload.toString());
    if (isWhole) {
      at = end;
    } else {
      damaged++;
      const next = segment.indexOf(LINE_FEED, at + 1);
      at = next < 0 ? segment.length : next;
    }
  }
  return { events, damaged };
}

/** False: it is neither an event nor a note. */
function read(events: Map<number, StoredEvent>, at: number, json: string): boolean {
  if (!json.startsWith('[')) {
    events.set(at, { json, doubtful: false });
    return true;
  }
  if (json.startsWith(CHANGE)) {
    const event = events.get(parseInt(json.slice(CHANGE.length), 10));
    if (event) event.json = json.slice(json.indexOf(',', CHANGE.length) + 1, -1);
    return true;
  }
  const [note, ...places] = parse(json);
  for (const place of places) {
    const event = events.get(place);
    if (event !== undefined) event.doubtful = note === 'try';
    if (note === 'done') events.delete(place);
  }
  return note !== undefined;
}

function parse(json: string): [Note?, ...number[]] {
  try {
    return JSON.parse(json) as [Note, ...number[]];
  } catch {
    return [];
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}

/** CRC-32, as zlib has it. */
function checksum(bytes: Buffer): number {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  if (typeof crc32 === 'function') return crc32(bytes);
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xed_b8_83_20 & -(sum & 1));
  }
  return ~sum >>> 0;
}
