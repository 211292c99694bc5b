/**
 * Debug ids as the ECMA-426 proposal has them: one UUID in a script and in its source map, by which the two find each other
 * wherever they end up. For outputs whose bundler gives none.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface MapWithId {
  debugId?: unknown;
  mappings?: string;
  sections?: { map: { mappings: string } }[];
}

/**
 * Gives a script and its map the same debug id: the one that either has (the script's, should they differ), else one
 * that is the same whenever script and mappings are. The script gains a line, after all others but the
 * `sourceMappingURL` comment; the map's text stays as it is but for the new key.
 *
 * @throws SyntaxError if the map is not JSON.
 */
export function addDebugId(code: string, map: string): { code: string; map: string; debugId: string } {
  const parsed = JSON.parse(map) as MapWithId;
  const inMap = typeof parsed.debugId === 'string' && UUID.test(parsed.debugId) ? parsed.debugId : undefined;
  const inCode = readDebugId(code);
  const debugId = inCode ?? inMap ?? deriveDebugId(code, mappingsOf(parsed));
  return {
    code: inCode === undefined ? insertComment(code, debugId) : code,
    map: inMap === debugId ? map : insertKey(map, parsed, debugId),
    debugId,
  };
}

/**
 * The same with the map in a file, which may be so large that parsing it, or writing it anew, would show in the build: where
 * nothing speaks against it, no more than its end is written.
 *
 * @returns the code
 */
export function addDebugIdOnDisk(code: string, mapFile: string): string {
  const bytes = readFileSync(mapFile);
  const found = findMappings(bytes);
  if (found === undefined) {
    const map = bytes.toString();
    const identified = addDebugId(code, map);
    if (identified.map !== map) writeFileSync(mapFile, identified.map);
    return identified.code;
  }
  const inCode = readDebugId(code);
  const debugId = inCode ?? deriveDebugId(code, found.mappings);
  const file = openSync(mapFile, 'r+');
  try {
    writeSync(file, `,"debugId":"${debugId}"${bytes.toString('utf8', found.end)}`, found.end);
  } finally {
    closeSync(file);
  }
  return inCode === undefined ? insertComment(code, debugId) : code;
}

/**
 * The mappings in the text of a map, and where its last brace is; undefined if it takes a parser to tell. In a text that the
 * map holds, quotation marks have a backslash before them, so that what is found here are keys.
 */
function findMappings(bytes: Buffer): { mappings: Buffer; end: number } | undefined {
  const key = '"mappings":';
  const at = bytes.indexOf(key);
  const start = bytes.indexOf('"', at + key.length) + 1;
  const end = bytes.lastIndexOf('}');
  if (at < 0 || start <= 0 || end < start || bytes.includes('"debugId"') || bytes.includes('"sections"')) {
    return undefined;
  }
  if (bytes.toString('latin1', at + key.length, start).trim() !== '"') return undefined;
  return { mappings: bytes.subarray(start, bytes.indexOf('"', start)), end };
}

/** How many lines at a script's end the proposal has tools look at. */
const LINES = 5;

/** The debug id in a script's last five lines. */
export function readDebugId(code: string): string | undefined {
  const ids = [...lastLines(code, LINES).matchAll(/^\/\/# debugId=(\S+)\s*$/gm)].map(([, id = '']) => id);
  return ids.findLast((id) => UUID.test(id));
}

function lastLines(code: string, count: number): string {
  let start = code.trimEnd().length;
  for (let lines = 0; lines < count && start > 0; lines++) start = code.lastIndexOf('\n', start - 1);
  return code.slice(Math.max(0, start + 1));
}

/** Version 5 is what readers take for an id that the same input gives again; the digest is the better SHA-256. */
function deriveDebugId(code: string, mappings: string | Buffer): string {
  const bytes = createHash('sha256').update(code).update('\0').update(mappings).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function mappingsOf(map: MapWithId): string {
  return map.mappings ?? map.sections?.map((section) => section.map.mappings).join('\n') ?? '';
}

function insertComment(code: string, debugId: string): string {
  const comment = `//# debugId=${debugId}\n`;
  // A link further up would put the comment where it is not looked for.
  const tail = lastLines(code, LINES - 1);
  const link = [...tail.matchAll(/\/\/[#@] sourceMappingURL=[^\s'"`]*[^\S\n]*$/gm)].at(-1);
  const at = link ? code.length - tail.length + link.index : code.length;
  const before = code.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${comment}${code.slice(at)}`;
}

function insertKey(map: string, parsed: MapWithId, debugId: string): string {
  if ('debugId' in parsed) return JSON.stringify({ ...parsed, debugId });
  const end = map.lastIndexOf('}');
  const separator = Object.keys(parsed).length > 0 ? ',' : '';
  return `${map.slice(0, end)}${separator}"debugId":"${debugId}"${map.slice(end)}`;
}
