/** Source maps: always made, never published unless the user says so, and tied to their code by the same debug id. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackPluginOptions } from '../../src/options/index.ts';
import { build, type BuildRequest, type BuildResult, bundlerNames } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';

const LINK = /\/\/# sourceMappingURL=(\S+)/g;
const DEBUG_ID = /^\/\/# debugId=([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/gm;

/** How each bundler's users say it. */
const words = {
  vite: { linked: true, inline: 'inline', none: false },
  rollup: { linked: true, inline: 'inline', none: false },
  rolldown: { linked: true, inline: 'inline', none: false },
  webpack: { linked: 'source-map', inline: 'inline-source-map', none: false },
  rspack: { linked: 'source-map', inline: 'inline-source-map', none: false },
  esbuild: { linked: true, inline: 'inline', none: false },
} as const;

/** Each script with its map, its links to maps and its debug ids. */
function scripts({ files }: BuildResult): { map: string | undefined; links: string[]; ids: string[] }[] {
  const names = Object.keys(files).filter((name) => /\.[cm]js$/.test(name));
  return names.map((name) => ({
    map: files[`${name}.map`],
    links: [...(files[name] ?? '').matchAll(LINK)].map(([, link = '']) => link),
    ids: [...(files[name] ?? '').matchAll(DEBUG_ID)].map(([, id = '']) => id),
  }));
}

describe.each(bundlerNames)('maps by %s', (bundler) => {
  let project: Project;
  let silent: BuildResult;
  let outputs = 0;

  // Minified once, and then as fast as can be.
  const buildWith = (request: Partial<BuildRequest>): Promise<BuildResult> =>
    build(project, bundler, {
      entry: { main: 'src/main.js' },
      outDir: `dist/${outputs++}`,
      minify: false,
      ...request,
    });
  const option = (sourcemap: ReplayStackPluginOptions['sourcemap']) => ({ plugin: { sourcemap } });

  beforeAll(async () => {
    project = createProject('apps/chunks');
    silent = await buildWith({ minify: true });
  });

  test('are there for every chunk when the config is silent, and no code mentions them', () => {
    const all = scripts(silent);
    expect(all.length).toBeGreaterThanOrEqual(3);
    for (const { map, links } of all) {
      expect(links).toEqual([]);
      expect(JSON.parse(map ?? '')).toMatchObject({
        version: 3,
        mappings: expect.stringMatching(/./) as string,
      });
    }
    expect(silent.log).not.toContain('RS13');
  });

  test('hold the original source of every module, and none of the instrumented text', () => {
    const maps = scripts(silent).map(
      ({ map = '' }) => JSON.parse(map) as Record<'sources' | 'sourcesContent', string[]>,
    );
    const contents = new Map(
      maps.flatMap((map) => map.sources.map((name, index) => [name, map.sourcesContent[index]])),
    );
    for (const file of ['main.js', 'shared.js', 'report.js', 'invoice.js']) {
      const found = [...contents].find(([name]) => name.endsWith(`src/${file}`));
      expect(found?.[1]).toBe(project.read(`src/${file}`));
    }
  });

  test('have the same debug id as their code, one each, the same in every build', async () => {
    const ids = scripts(silent).map(({ map = '', ids }) => {
      expect(ids).toEqual([(JSON.parse(map) as { debugId: string }).debugId]);
      return ids[0];
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(scripts(await buildWith({ minify: true })).map(({ ids }) => ids[0])).toEqual(ids);
  });

  test('are linked, with debug ids, when the user wants them linked', async () => {
    for (const request of [{ maps: words[bundler].linked }, option(true)]) {
      for (const { map = '', links, ids } of scripts(await buildWith(request))) {
        expect(links).toEqual([expect.stringMatching(/^[\w.-]+\.map$/)]);
        expect(ids).toEqual([(JSON.parse(map) as { debugId: string }).debugId]);
      }
    }
  });

  test('are inline when the user wants them inline', async () => {
    for (const request of [{ maps: words[bundler].inline }, option('inline')]) {
      for (const { map, links } of scripts(await buildWith(request))) {
        expect(map).toBeUndefined();
        expect(links).toEqual([expect.stringMatching(/^data:application\/json/)]);
      }
    }
  });

  test('are not made when the user wants none', async () => {
    const built = await buildWith({ maps: words[bundler].none });
    expect(Object.keys(built.files).filter((name) => name.endsWith('.map'))).toEqual([]);
    for (const { links, ids } of scripts(built)) expect([links, ids]).toEqual([[], []]);
  });

  test("are hidden by the plugin's own option, whatever the build has", async () => {
    const built = await buildWith({ maps: words[bundler].linked, ...option('hidden') });
    for (const { map, links } of scripts(built)) {
      expect(links).toEqual([]);
      expect(map).toBeDefined();
    }
  });

  test('are missed, in one warning, when the plugin is told to make none and the build makes none', async () => {
    const { log, files } = await buildWith(option(false));
    expect(log.match(/RS1301/g)).toHaveLength(1);
    expect(Object.keys(files).filter((name) => name.endsWith('.map'))).toEqual([]);
    expect((await buildWith({ maps: words[bundler].linked, ...option(false) })).log).not.toContain('RS1301');
  });
});

test.each(['webpack', 'rspack'] as const)('%s is warned of maps without columns', async (bundler) => {
  const project = createProject('apps/chunks');
  const request = { entry: { main: 'src/main.js' }, maps: 'cheap-module-source-map', minify: false };
  const { log } = await build(project, bundler, request);
  expect(log).toMatch(/RS1302 .*cheap-module-source-map/);
});
