/** What is exact: the same program built without the plugin, and its frames looked up in that build's own maps. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';

/** File relative to the project, line and column, from 1. */
export type Place = [file: string, line: number, column: number];

/**
 * Looks frames up in the maps beside their bundles.
 *
 * @param root of the project
 * @param raw lines of a stack
 * @param maps that were read before, by bundle
 * @returns those frames whose source is the project's
 */
export function originalFrames(root: string, raw: string[], maps?: Map<string, TraceMap>): Place[] {
  return possibleFrames(root, raw, maps).map((places) => places.at(-1) as Place);
}

/** The same with all places of each frame: a map may name several for one column, where something was left out between them. */
export function possibleFrames(
  root: string,
  raw: string[],
  maps: Map<string, TraceMap> = new Map(),
): Place[][] {
  return raw.flatMap((frame): Place[][] => {
    const [, bundle = '', line, column] = /(?:file:\/\/)?(\/[^():]*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (!maps.has(bundle)) {
      if (!existsSync(`${bundle}.map`)) return [];
      maps.set(bundle, new TraceMap(readFileSync(`${bundle}.map`, 'utf8')));
    }
    const map = maps.get(bundle) as TraceMap;
    const before = (decodedMappings(map)[Number(line) - 1] ?? []).filter(([at]) => at < Number(column));
    const nearest = before.filter(([at]) => at === before.at(-1)?.[0]);
    const places = nearest.flatMap(([, source, row, column = 0]): Place[] => {
      const original = source === undefined ? null : map.sources[source];
      if (row === undefined || typeof original !== 'string') return [];
      const bundled = /^webpack:\/\/(?:@[^/]+\/)?[^/]*\/(?:\.\/)?(.*)$/.exec(original)?.[1];
      const name = bundled ?? relative(root, resolve(dirname(bundle), original));
      return name.startsWith('src/') ? [[name, row + 1, column + 1]] : [];
    });
    return places.length > 0 ? [places] : [];
  });
}
