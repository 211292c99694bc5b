/** Frames that no map is for, or none that fits: they come back as they were, or as what has mapped them before left them. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mapStack } from '../../../runtime/stack/node-map.ts';
import { parseStackTrace } from '../../../runtime/stack/parse.ts';
import { compile, frameAt, ID, MAPPED, mapAt, OTHER_ID, SOURCE, useDeployment } from './deployment.ts';

const run = promisify(execFile);
const { path, write } = useDeployment();
afterEach(() => vi.restoreAllMocks());

describe('frames stay as they are', () => {
  it('in libraries, be it on disk or in the bundle', async () => {
    const library = compile();
    write('node_modules/pay/index.js.map', JSON.stringify(library.map));
    expect((await mapAt(write('node_modules/pay/index.js', library.code))).isRaw).toBe(true);

    const bundled = compile(SOURCE, '../node_modules/pay/index.ts');
    write('dist/server.js.map', JSON.stringify(bundled.map));
    expect((await mapAt(write('dist/server.js', bundled.code))).isRaw).toBe(true);
  });

  it('without a position, or in what is no file', async () => {
    const stack = [
      'Array.map (<anonymous>)',
      'async Promise.all (index 0)',
      'load (node:internal/modules/cjs/loader:1:2)',
      'f (webpack-internal:///./a.ts:1:2)',
      'f (evalmachine.<anonymous>:1:2)',
      'f (data:text/javascript,f:1:2)',
      'f (https://x/a.js:1:2)',
      'f (relative.js:1:2)',
    ];
    const frames = parseStackTrace(stack.map((line) => `    at ${line}`).join('\n'));
    expect(frames).toHaveLength(stack.length);
    expect(await mapStack(frames)).toEqual({ frames, debugIds: {} });
  });

  it('without a map, with the bundle’s debug id', async () => {
    const { code } = compile();
    const file = write('dist/server.js', `${code}//# debugId=${ID}\n//# sourceMappingURL=server.js.map\n`);
    for (let again = 0; again < 2; again++) {
      expect(await mapAt(file)).toMatchObject({ isRaw: true, debugIds: { [file]: ID } });
    }
    expect(await mapAt(write('dist/plain.js', code))).toMatchObject({ isRaw: true, debugIds: {} });
  });

  it('when the map is that of another build', async () => {
    const { code, map } = compile();
    const file = write('dist/server.js', `${code}//# debugId=${ID}\n`);
    write('dist/server.js.map', JSON.stringify({ ...map, debugId: OTHER_ID }));
    expect(await mapAt(file)).toMatchObject({ isRaw: true, debugIds: { [file]: ID } });
  });

  it('but not when one side alone has an id, or both the same', async () => {
    const { code, map } = compile();
    for (const [i, [inCode, inMap]] of [
      [ID, undefined],
      [undefined, ID],
      [ID, ID],
    ].entries()) {
      write(`dist/${i}.js.map`, JSON.stringify({ ...map, debugId: inMap }));
      expect(await mapAt(write(`dist/${i}.js`, `${code}${inCode ? `//# debugId=${inCode}\n` : ''}`))).toEqual(
        MAPPED,
      );
    }
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"version":3}',
    '{"version":3,"sources":[],"mappings":1}',
    '{"sections":[{}]}',
    '\0\u0001',
  ])('when the map is %j', async (text) => {
    const file = write('dist/server.js', `${compile().code}//# debugId=${ID}\n`);
    write('dist/server.js.map', text);
    expect(await mapAt(file)).toMatchObject({ isRaw: true });
  });

  it('when the map is a directory, or the bundle is gone', async () => {
    const file = write('dist/server.js', compile().code);
    write('dist/server.js.map/x', '');
    expect((await mapAt(file)).isRaw).toBe(true);
    const frame = frameAt(file, 'new RangeError');
    rmSync(file);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5000);
    expect(await mapStack([frame])).toEqual({ frames: [frame], debugIds: {} });
  });

  it('past the end of a line or of the file', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const file = write('dist/server.js', code);
    for (const place of ['1:99999', '2:5', '99:1', '1:99999999999999999999']) {
      const frames = parseStackTrace(`    at f (${file}:${place})`);
      expect((await mapStack(frames)).frames).toEqual(frames);
    }
  });

  it('where the map has nothing, or no source', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const file = write('dist/server.js', `nothing();\n${code}`);
    expect((await mapAt(file, 'nothing', 'f')).isRaw).toBe(true);
    write('dist/null.js.map', JSON.stringify({ ...map, sources: [null] }));
    expect((await mapAt(write('dist/null.js', code))).isRaw).toBe(true);
  });
});

describe('frames that were mapped before', () => {
  it('only lose the path that leads to the project', async () => {
    const lines = [
      `f (${path('src/a.ts')}:3:9)`,
      `f (file://${path('src/b.mts')}?t=1:3:9)`,
      'f (webpack://shop/./src/c.ts:3:9)',
      `f (${path('src/d.vue')}:3:9)`,
    ];
    const { frames } = await mapStack(parseStackTrace(lines.map((line) => `    at ${line}`).join('\n')));
    expect(
      frames.map(({ functionName, fileName, lineNumber, columnNumber }) => [
        functionName,
        fileName,
        lineNumber,
        columnNumber,
      ]),
    ).toEqual(['a.ts', 'b.mts', 'c.ts', 'd.vue'].map((name) => ['f', `src/${name}`, 3, 9]));
  });
});

describe('with Node’s own mapping on', () => {
  it('frames are the same as without', async () => {
    const entry = fileURLToPath(new URL('../../../fixtures/stack/async-calls/main.ts', import.meta.url));
    const outfile = path('dist/main.mjs');
    await build({
      entryPoints: [entry],
      bundle: true,
      format: 'esm',
      platform: 'node',
      sourcemap: true,
      outfile,
    });
    const places = [[], ['--enable-source-maps']].map(async (flags) => {
      const { stdout } = await run(process.execPath, [...flags, outfile]);
      const stacks = JSON.parse(stdout) as string[];
      const mapped = await Promise.all(stacks.map((stack) => mapStack(parseStackTrace(stack))));
      return mapped.map(({ frames }) =>
        frames
          .filter(({ fileName }) => !fileName?.startsWith('node:'))
          .map(({ fileName, lineNumber, columnNumber }) => [
            fileName?.split('fixtures/').at(-1),
            lineNumber,
            columnNumber,
          ]),
      );
    });
    const [without, withFlag] = await Promise.all(places);
    expect(without?.[0]?.[0]).toEqual(['stack/async-calls/payment.ts', 19, expect.any(Number)]);
    expect(withFlag).toEqual(without);
  });

  it('a script without a map is an original', async () => {
    vi.spyOn(process, 'sourceMapsEnabled', 'get').mockReturnValue(true);
    const file = write('src/plain.js', 'export function f() {\n  g();\n}\n');
    expect(await mapAt(file, 'g()', 'f')).toMatchObject({ place: 'f src/plain.js:2:3' });
    const identified = write('dist/server.js', `${compile().code}//# debugId=${ID}\n`);
    expect(await mapAt(identified)).toMatchObject({ isRaw: true });
  });

  it('a module that a dev server has evaluated has its map with the engine', async () => {
    const file = write('.next/dev/server/chunk.js', 'before();\n'.repeat(9));
    write('.next/dev/package.json', '{"type": "commonjs"}');
    const { code, map } = compile(SOURCE, `file://${path('src/charge.ts')}`);
    const comment = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => `    at ${String(site)}`).join('\n');
    process.setSourceMapsEnabled(true);
    try {
      const url = `file://${file}?id=charge.ts+(ecmascript)`;
      // oxlint-disable-next-line no-eval -- as Turbopack does
      (0, eval)(`${code}\n//# sourceURL=${url}\n//# sourceMappingURL=${comment}`);
      const { x } = globalThis as unknown as { x: { charge(amount: number): Promise<number> } };
      const stack = await x.charge(-1).then(
        () => '',
        (error: Error) => error.stack ?? '',
      );
      expect(stack).toContain(url);
      const { frames } = await mapStack(parseStackTrace(stack));
      expect(frames[0]).toMatchObject({ fileName: 'src/charge.ts', lineNumber: 2, columnNumber: 25 });
    } finally {
      process.setSourceMapsEnabled(false);
      Error.prepareStackTrace = prepareStackTrace;
    }
  });
});
