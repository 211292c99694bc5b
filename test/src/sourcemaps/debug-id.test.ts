/** Debug ids: where they stand, that they come out the same, and that they leave everything else as it was. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transform } from 'esbuild';
import fc from '../../support/properties.ts';
import { rollup } from 'rollup';
import { describe, expect, it } from 'vitest';
import { addDebugId, addDebugIdOnDisk, readDebugId } from '../../../src/sourcemaps/debug-id.ts';

const ID = '85314830-023f-4cf1-a267-535f4e37bb17';
const OTHER = 'a7ab9b1c-1111-5222-8333-444455556666';
const MAP = '{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}';

describe('addDebugId', () => {
  it('gives script and map the same UUID, of a version that says it is derived', () => {
    const { code, map, debugId } = addDebugId('run();\n', MAP);
    expect(debugId).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(code).toBe(`run();\n//# debugId=${debugId}\n`);
    expect(JSON.parse(map)).toEqual({ ...JSON.parse(MAP), debugId });
  });

  it('derives it from the script and the mappings alone', () => {
    const { debugId } = addDebugId('run();', MAP);
    expect(addDebugId('run();', MAP).debugId).toBe(debugId);
    expect(addDebugId('run();', MAP.replace('a.ts', 'b.ts')).debugId).toBe(debugId);
    expect(addDebugId('run(1);', MAP).debugId).not.toBe(debugId);
    expect(addDebugId('run();', MAP.replace('AAAA', 'AACA')).debugId).not.toBe(debugId);
  });

  it('writes the comment on the line above the sourceMappingURL comment', () => {
    for (const end of ['', '\n', '\r\n', '\n\n']) {
      const link = `//# sourceMappingURL=a.js.map${end}`;
      const { code, debugId } = addDebugId(`run();\n${link}`, MAP);
      expect(code).toBe(`run();\n//# debugId=${debugId}\n${link}`);
    }
  });

  it('gives the comment a line of its own after code without a line end', () => {
    expect(addDebugId('run()', MAP).code).toMatch(/^run\(\)\n\/\/# debugId=\S+\n$/);
    expect(addDebugId('run()//# sourceMappingURL=a.map', MAP).code).toMatch(
      /^run\(\)\n\/\/# debugId=\S+\n\/\/# sourceMappingURL=a\.map$/,
    );
    expect(addDebugId('', MAP).code).toMatch(/^\/\/# debugId=\S+\n$/);
  });

  it('does not take a string that ends the file for the comment', () => {
    const code = 'x="//# sourceMappingURL=y"';
    expect(addDebugId(code, MAP).code.startsWith(`${code}\n//# debugId=`)).toBe(true);
  });

  it('keeps the id that the script or the map has already', () => {
    const identified = `run();\n//# debugId=${ID}\n`;
    const withId = MAP.replace('{', `{"debugId":"${ID}",`);
    expect(addDebugId(identified, MAP)).toMatchObject({ code: identified, debugId: ID });
    expect(JSON.parse(addDebugId(identified, MAP).map)).toMatchObject({ debugId: ID });
    expect(addDebugId('run();\n', withId)).toEqual({ code: identified, map: withId, debugId: ID });
  });

  it('lets the id of the script win over another one in the map', () => {
    const { code, map, debugId } = addDebugId(
      `run();\n//# debugId=${ID}\n`,
      MAP.replace('{', `{"debugId":"${OTHER}",`),
    );
    expect([readDebugId(code), JSON.parse(map).debugId, debugId]).toEqual([ID, ID, ID]);
    expect(JSON.parse(map)).toEqual({ ...JSON.parse(MAP), debugId: ID });
  });

  it('changes nothing the second time', () => {
    const codes = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('run();', '\n', '\r\n', ' ', '//# sourceMappingURL=a.map', '// x', '"', '`'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(codes, (code) => {
        const once = addDebugId(code, MAP);
        expect(addDebugId(once.code, once.map)).toEqual(once);
        expect(readDebugId(once.code)).toBe(once.debugId);
        // Nothing but the line, and the line end it may have needed, is new.
        const rest = once.code.replace(`//# debugId=${once.debugId}`, '');
        expect(rest.replaceAll('\n', '')).toBe(code.replaceAll('\n', ''));
      }),
    );
  });

  it('leaves the rest of the map as it was written: unknown keys, spaces, sections', () => {
    const pretty = '{\n  "version": 3,\n  "x_google_ignoreList": [0],\n  "mappings": ""\n}\n';
    const { map, debugId } = addDebugId('', pretty);
    expect(map.replace(`,"debugId":"${debugId}"`, '')).toBe(pretty);

    const index = `{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":${MAP}}]}`;
    const identified = addDebugId('', index);
    expect(identified.map.replace(`,"debugId":"${identified.debugId}"`, '')).toBe(index);
    expect(identified.debugId).not.toBe(addDebugId('', index.replace('AAAA', 'AACA')).debugId);
    expect(JSON.parse(addDebugId('', '{}').map)).toEqual({ debugId: expect.any(String) });
  });

  it('moves no position', async () => {
    const source = 'export function a(b: number) {\n  return b * 2;\n}\nexport const c: number = a(1);\n';
    const { code, map } = await transform(source, {
      loader: 'ts',
      minify: true,
      sourcemap: true,
      sourcefile: 'a.ts',
    });
    const identified = addDebugId(code, map);
    const [before, after] = [new TraceMap(map), new TraceMap(identified.map)];
    for (let column = 0; column < code.indexOf('\n'); column++) {
      expect(originalPositionFor(after, { line: 1, column })).toEqual(
        originalPositionFor(before, { line: 1, column }),
      );
    }
    expect(identified.code.startsWith(code.trimEnd())).toBe(true);
  });

  it('refuses a map that is not JSON', () => {
    expect(() => addDebugId('', 'no map')).toThrow(SyntaxError);
  });
});

describe('readDebugId', () => {
  it('reads what rollup writes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'replaystack-debug-id-'));
    try {
      await writeFile(join(dir, 'a.js'), 'export const a = () => 1;\n');
      const bundle = await rollup({ input: join(dir, 'a.js') });
      await bundle.write({ file: join(dir, 'b.js'), sourcemap: true, sourcemapDebugIds: true });
      const [code, map] = await Promise.all([
        readFile(join(dir, 'b.js'), 'utf8'),
        readFile(join(dir, 'b.js.map'), 'utf8'),
      ]);
      expect(readDebugId(code)).toBe(JSON.parse(map).debugId);
      expect(addDebugId(code, map)).toEqual({ code, map, debugId: JSON.parse(map).debugId });
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('looks at the last five lines and at UUIDs only', () => {
    const comment = `//# debugId=${ID}\n`;
    expect(readDebugId(`${comment}\n1\n2\n3`)).toBe(ID);
    expect(readDebugId(`${comment}1\n2\n3\n4\n5\n`)).toBeUndefined();
    expect(readDebugId('//# debugId=abc')).toBeUndefined();
    expect(readDebugId(`x = "//# debugId=${ID}"`)).toBeUndefined();
    expect(readDebugId(comment.replace('\n', '\r\n'))).toBe(ID);
    expect(readDebugId('')).toBeUndefined();
  });
});

describe('addDebugIdOnDisk', () => {
  const maps = {
    'of one line': MAP,
    'of many lines': `${JSON.stringify(JSON.parse(MAP), undefined, 2)}\n`,
    'that holds a text about maps': JSON.stringify({
      sourcesContent: ['{"mappings":"AAAA"}'],
      ...JSON.parse(MAP),
    }),
    'that holds a text which ends like a key': JSON.stringify({
      sourcesContent: ['"mappings'],
      ...JSON.parse(MAP),
    }),
    'with names like keys': JSON.stringify({ names: ['mappings', 'debugId'], mappings: 'AAAA' }),
    'with an id': JSON.stringify({ ...JSON.parse(MAP), debugId: OTHER }),
    'of sections': JSON.stringify({ version: 3, sections: [{ offset: {}, map: JSON.parse(MAP) }] }),
    'with characters of several bytes': JSON.stringify({ sourcesContent: ['größe 🙂'], ...JSON.parse(MAP) }),
  };

  it.each(Object.entries(maps))('does the same to a map %s', async (_, map) => {
    const directory = await mkdtemp(join(tmpdir(), 'debug-id-'));
    try {
      for (const code of ['run();\n', `run();\n//# debugId=${ID}\n`]) {
        const file = join(directory, 'a.js.map');
        await writeFile(file, map);
        const expected = addDebugId(code, map);
        expect(addDebugIdOnDisk(code, file)).toBe(expected.code);
        expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(expected.map));
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('throws for a map that is none', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'debug-id-'));
    await writeFile(join(directory, 'a.js.map'), 'not JSON');
    expect(() => addDebugIdOnDisk('run();', join(directory, 'a.js.map'))).toThrow(SyntaxError);
    await rm(directory, { recursive: true });
  });
});
