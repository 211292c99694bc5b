/**
 * Maps of finished bundles whose sources are modules as we rewrote them. Bundlers that compose the maps of their steps only
 * roughly are not given ours: what they make leads to the rewritten text, exactly, and from there it is led on here.
 */
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { MappedCode } from './inline-map.ts';

/** A module before it was rewritten. */
export interface Original {
  text: string;
  /** What it was rewritten to. */
  output: MappedCode;
}

interface Part {
  sources?: (string | null)[];
  sourcesContent?: (string | null)[];
  mappings: string;
}

/** A map, or one that is made of sections. */
interface Bundled extends Part {
  sections?: { map: Part }[];
}

/**
 * @param json the bundle's map
 * @param originalOf finds a module by what the map calls it; undefined if we did not rewrite it
 * @returns the map as JSON, with originals in place of what was made of them; undefined if there are none in it
 */
export async function mapToOriginals(
  json: string,
  originalOf: (source: string) => Promise<Original | undefined>,
): Promise<string | undefined> {
  const bundled = JSON.parse(json) as Bundled;
  let changed = false;
  for (const part of bundled.sections?.map(({ map }) => map) ?? [bundled]) {
    const { sources = [], sourcesContent = [] } = part;
    const maps = new Map<number, TraceMap>();
    for (const [index, source] of sources.entries()) {
      const original = source === null ? undefined : await originalOf(source);
      // Whoever composed the maps, or changed the text before us, has another text than we made.
      if (original === undefined || sourcesContent[index] !== original.output.code) continue;
      maps.set(index, new TraceMap(original.output.map as never));
      sourcesContent[index] = original.text;
    }
    if (maps.size === 0) continue;
    part.mappings = encode(ledOn(decode(part.mappings), maps));
    changed = true;
  }
  return changed ? JSON.stringify(bundled) : undefined;
}

/** What we wrote comes from what stands before it. */
function ledOn(lines: ReturnType<typeof decode>, maps: ReadonlyMap<number, TraceMap>): typeof lines {
  for (const segments of lines) {
    for (const segment of segments) {
      const map = segment.length === 1 ? undefined : maps.get(segment[1]);
      if (map === undefined || segment.length === 1) continue;
      const found = originalPositionFor(map, { line: segment[2] + 1, column: segment[3] });
      if (found.line === null) continue;
      segment[2] = found.line - 1;
      segment[3] = found.column;
    }
  }
  return lines;
}
