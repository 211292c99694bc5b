/** The map leads from each token to where the author wrote it, and nowhere else. */
import { decode } from '@jridgewell/sourcemap-codec';
import type { SourceMap } from 'magic-string';

/** What a map can tell apart in a line: words, and whatever else there is, one by one. */
const TOKEN = /\w+|\W/g;

/** What is wrong with the map; undefined if nothing is. */
export function mapError(input: string, output: string, path: string, map: SourceMap): string | undefined {
  const { sources, sourcesContent, mappings } = JSON.parse(map.toString()) as SourceMap;
  if (sources.length !== 1 || sources[0] !== path) return `its source is ${String(sources[0])}`;
  if (sourcesContent?.[0] !== input) return 'it holds another text';
  const before = input.split('\n');
  const after = output.split('\n');
  if (before.length !== after.length) return 'lines have come or gone';
  const lines = decode(mappings);
  for (const [index, text] of before.entries()) {
    const wrong = lineError(text, after[index] ?? '', index, lines[index] ?? []);
    if (wrong !== undefined) return `line ${index + 1}: ${wrong}`;
  }
  return undefined;
}

/** @param segments of the line: generated column, source, line and column in it */
function lineError(
  before: string,
  after: string,
  line: number,
  segments: readonly (readonly number[])[],
): string | undefined {
  let [lastGenerated, lastOriginal] = [0, 0];
  for (const [generated = -1, source, originalLine, original = -1] of segments) {
    if (source !== 0 || originalLine !== line) return `leads to line ${String(originalLine)}, from 0`;
    if (generated < lastGenerated || original < lastOriginal) return 'segments out of order';
    if (generated > after.length || original > before.length) return 'a segment beyond the end of the line';
    [lastGenerated, lastOriginal] = [generated, original];
  }
  let next = 0;
  for (const { index, 0: token } of before.matchAll(TOKEN)) {
    while ((segments[next]?.[3] ?? Infinity) < index) next++;
    const [generated, , , original] = segments[next] ?? [];
    if (original !== index) return `no segment for ${token} in column ${index}`;
    if (!after.startsWith(token, generated)) return `${token} is not where its segment says`;
  }
  return undefined;
}
