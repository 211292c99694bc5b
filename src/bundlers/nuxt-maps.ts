/** What renders Nuxt's pages is the output of a build of its own, which Nitro's takes in: its maps lead on to the pages. */
import { existsSync, readFileSync } from 'node:fs';

/** The part of a Rollup plugin that is used here. */
export interface MapLoader {
  name: string;
  load(id: string): { code: string; map: string } | undefined;
}

/** @param buildDir what Nuxt builds into */
export function loadMapsOf(buildDir: string): MapLoader {
  const output = `${buildDir.replaceAll('\\', '/')}/dist/server/`;
  return {
    name: 'unplugin-replaystack:maps',
    load(id) {
      if (!id.replaceAll('\\', '/').startsWith(output) || !existsSync(`${id}.map`)) return undefined;
      return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
    },
  };
}
