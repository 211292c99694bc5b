/** Some servers take in the output of a build of its own, such as that of Nuxt's pages: its maps lead on to the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The part of a Rollup plugin that is used here. */
export interface MapLoader {
  name: string;
  load(id: string): { code: string; map: string } | undefined;
}

/** @param directory what was built into */
export function loadMapsOf(directory: string): MapLoader {
  const output = `${resolve(directory).replaceAll('\\', '/')}/`;
  return {
    name: 'unplugin-replaystack:maps',
    load(id) {
      if (!id.replaceAll('\\', '/').startsWith(output) || !existsSync(`${id}.map`)) return undefined;
      return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
    },
  };
}
