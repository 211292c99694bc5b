/** Where maps are found: beside the bundle, by its comment, in its comment; and in which forms. */
import MagicString from 'magic-string';
import { describe, expect, it } from 'vitest';
import { compile, MAPPED, mapAt, SOURCE, useDeployment } from './deployment.ts';

const { write } = useDeployment();

describe('a map is found', () => {
  it('beside a bundle that does not say so', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    expect(await mapAt(write('dist/server.js', code))).toEqual(MAPPED);
  });

  it.each(['maps/a.map', './maps/a.map', 'maps/a.map?v=1', 'maps/%61.map', '../dist/maps/a.map'])(
    'by the comment %s',
    async (url) => {
      const { code, map } = compile(SOURCE, '../../src/charge.ts');
      write('dist/maps/a.map', JSON.stringify(map));
      expect(await mapAt(write('dist/server.js', `${code}//# sourceMappingURL=${url}\n`))).toEqual(MAPPED);
    },
  );

  it('by a comment with a file: URL', async () => {
    const { code, map } = compile();
    const path = write('dist/a b.map', JSON.stringify(map));
    const file = write('dist/server.js', `${code}//# sourceMappingURL=file://${encodeURI(path)}\n`);
    expect(await mapAt(file)).toEqual(MAPPED);
  });

  it('within the comment', async () => {
    const { code, map } = compile();
    const json = JSON.stringify(map);
    const base64 = `data:application/json;charset=utf-8;base64,${Buffer.from(json).toString('base64')}`;
    for (const [name, url] of Object.entries({
      base64,
      percent: `data:application/json,${encodeURIComponent(json)}`,
    })) {
      expect(await mapAt(write(`dist/${name}.js`, `${code}//# sourceMappingURL=${url}`))).toEqual(MAPPED);
    }
  });

  it('beside the bundle where the comment names one that was not deployed', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    for (const url of ['https://cdn.example/server.js.map', 'gone.map', '/gone.map', '%']) {
      expect(await mapAt(write('dist/server.js', `${code}//# sourceMappingURL=${url}\n`))).toEqual(MAPPED);
    }
  });

  it('for frames with a file: URL, and for names that need one', async () => {
    const { code, map } = compile();
    const file = write('dist/my server%.mjs', code);
    write('dist/my server%.mjs.map', JSON.stringify(map));
    expect(await mapAt(file)).toEqual(MAPPED);
  });

  it('within what a bundle was made of, which was a bundle itself', async () => {
    const { code, map } = compile(SOURCE, '../../src/charge.ts');
    const base64 = Buffer.from(JSON.stringify(map)).toString('base64');
    const inner = `${code}\n//# sourceMappingURL=data:application/json;base64,${base64}\n`;
    const outer = new MagicString(inner).prepend('"use strict";\n');
    const source = '../out/server/chunk.js';
    const composed = outer.generateMap({ source, includeContent: true, hires: 'boundary' });
    write('dist/server.js.map', composed.toString());
    // The comment goes with the inner bundle alone.
    const file = write('dist/server.js', outer.toString().replace(/\n\/\/# source.*/, ''));
    expect(await mapAt(file)).toEqual(MAPPED);
  });

  it('in sections, with a root for the sources', async () => {
    const { code, map } = compile(SOURCE, 'charge.ts');
    const section = { ...map, sourceRoot: '../src' };
    const index = {
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: { version: 3, sources: [null], names: [], mappings: 'AAAA' } },
        { offset: { line: 1, column: 0 }, map: section },
      ],
    };
    write('dist/server.js.map', JSON.stringify(index));
    expect(await mapAt(write('dist/server.js', `"use strict";\n${code}`))).toEqual(MAPPED);
  });

  it('without the text of the sources: then names are the map’s', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify({ ...map, sourcesContent: undefined }));
    expect(await mapAt(write('dist/server.js', code))).toEqual(MAPPED);
  });
});
