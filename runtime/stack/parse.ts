/** Reads the text of an error's stack into frames, as V8 writes it (Node, Deno, Bun, workers) and as Firefox and Safari do. */
import type { StackFrame } from '../protocol.ts';

/** More than anyone reads; `Error.stackTraceLimit` may be Infinity. */
const MAX_FRAMES = 100;

/**
 * The frames of a stack, innermost first, at most 100. Positions stay as the engine printed them, from 1. Places that
 * are no file (`<anonymous>`, `native`, `index 0`) have a null `fileName`; code in `eval` has the place of the eval.
 * Takes time linear in the text, and never throws.
 *
 * @param header - What the error says of itself, `String(error)`: a message may hold lines that look like frames.
 */
export function parseStackTrace(stack: string, header = ''): StackFrame[] {
  const lines = withoutHeader(stack, header).split('\n');
  const frames = collect(lines, parseV8);
  return frames.length > 0 ? frames : collect(lines, parseGecko);
}

/** A `file:` URL as a path, anything else as it is. Here by hand: not every runtime has `node:url`. */
export function toPath(file: string): string {
  if (!file.startsWith('file://')) return file;
  const path = file
    .slice(7)
    .replace(/[?#].*/s, '')
    .replace(/^\/(?=[a-z]:)/i, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function withoutHeader(stack: string, header: string): string {
  if (stack.startsWith(header)) return stack.slice(header.length);
  // V8 writes the header when the error is made: a name that was assigned later is not in it, and Node adds its codes.
  const message = header.slice(header.indexOf(': '));
  const at = stack.indexOf(`${message}\n`);
  return at < 0 || stack.slice(0, at).includes('\n') ? stack : stack.slice(at + message.length);
}

function collect(lines: string[], parse: (raw: string) => StackFrame | undefined): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const frame = parse(line.trim());
    if (frame && frames.push(frame) === MAX_FRAMES) break;
  }
  return frames;
}

function parseV8(raw: string): StackFrame | undefined {
  if (!raw.startsWith('at ')) return undefined;
  let place = raw.slice(3).replace(/^async (?!\()/, '');
  let name = '';
  const open = openingOf(place);
  if (open > 0) {
    name = place.slice(0, open - 1);
    place = place.slice(open + 1, -1);
  }
  // `eval at f (eval at g (/app/a.js:3:1), <anonymous>:1:27), <anonymous>:2:5`: the innermost place is a real one.
  if (place.startsWith('eval at ')) place = place.slice(place.lastIndexOf('(') + 1).replace(/\),.*/s, '');
  return toFrame(raw, name.split(' [as ', 1)[0], place);
}

/** The bracket that the last one closes; names and paths may have brackets too. */
function openingOf(text: string): number {
  if (!text.endsWith(')')) return -1;
  let depth = 0;
  for (let i = text.length - 1; i > 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth <= 0 && text[i - 1] === ' ') return i;
  }
  return text.indexOf(' (') + 1;
}

/** `name@place` of Firefox and Safari; the latter leaves out `name@` where there is no name. */
function parseGecko(raw: string): StackFrame | undefined {
  const at = raw.indexOf('@');
  // A bare path may have an @ of its own, as scoped packages do.
  const name =
    at < 0 || /^\/|:\//.test(raw.slice(0, at)) ? undefined : raw.slice(0, at).replace('async*', '');
  const place = name === undefined ? raw : raw.slice(at + 1);
  return place === '[native code]' || place.includes('/') ? toFrame(raw, name, place) : undefined;
}

function toFrame(raw: string, name: string | undefined, place: string): StackFrame | undefined {
  const position = /^(.*):(\d+):(\d+)$/s.exec(place);
  const file = position?.[1] ?? place;
  const nowhere = /^(?:<anonymous>|native|\[native code\]|index \d+)$/.test(file);
  // Anything else in the place of a position is text that happens to look like a frame.
  if (file === '' || (!position && !nowhere && !file.startsWith('wasm:'))) return undefined;
  return {
    functionName: name && name !== '<anonymous>' ? name : null,
    fileName: nowhere ? null : toPath(file) || null,
    lineNumber: position ? Number(position[2]) : null,
    columnNumber: position ? Number(position[3]) : null,
    raw,
  };
}
