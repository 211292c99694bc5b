/** How maps are read: once for the same frames, large ones in a worker; and what any frames come to. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import fc from '../../support/properties.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mapStack } from '../../../runtime/stack/node-map.ts';
import { parseStackTrace } from '../../../runtime/stack/parse.ts';
import {
  type Compiled,
  compile,
  frameAt,
  ID,
  MAPPED,
  mapAt,
  nameIn,
  OTHER_ID,
  useDeployment,
} from './deployment.ts';

const run = promisify(execFile);
const { path, write } = useDeployment();
afterEach(() => vi.restoreAllMocks());

describe('the cache', () => {
  it('reads a bundle and its map once for the same frames, however many errors come at once', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const frame = frameAt(write('dist/server.js', code), 'new RangeError', nameIn(code));
    const readFile = vi.spyOn(process.getBuiltinModule('node:fs').promises, 'readFile');
    const stacks = await Promise.all(Array.from({ length: 20 }, () => mapStack([frame, frame])));
    expect(readFile).toHaveBeenCalledTimes(2);
    for (const { frames } of stacks) expect(frames.map(({ lineNumber }) => lineNumber)).toEqual([2, 2]);
  });

  it('reads them twice for errors that all differ: for the first one, and for those that came meanwhile', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const file = write('dist/server.js', code);
    const raw = write('dist/raw.js', `${code}//# debugId=${ID}\n`);
    const readFile = vi.spyOn(process.getBuiltinModule('node:fs').promises, 'readFile');
    const stacks = Array.from({ length: 21 }, (_, i) => {
      const frame = frameAt(file, 'new RangeError', nameIn(code));
      return [{ ...frame, raw: `${frame.raw} ${i}` }, ...(i === 20 ? [frameAt(raw, 'new RangeError')] : [])];
    });
    const mapped = await Promise.all(stacks.map((frames) => mapStack(frames)));
    expect(readFile.mock.calls.filter(([name]) => String(name).startsWith(file))).toHaveLength(4);
    for (const [i, { frames, debugIds }] of mapped.entries()) {
      expect(frames.map(({ raw }) => raw)).toEqual(stacks[i]?.map(({ raw }) => raw));
      expect(frames[0]).toMatchObject({ functionName: 'charge', fileName: 'src/charge.ts', lineNumber: 2 });
      // Those of its own frames, and no others.
      expect(debugIds).toEqual(i === 20 ? { [raw]: ID } : {});
    }
  });

  it('gives each caller frames of its own', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const frame = Object.freeze(frameAt(write('dist/server.js', code), 'new RangeError', nameIn(code)));
    const first = await mapStack([frame]);
    Object.assign(first.frames[0] ?? {}, { fileName: 'changed' });
    expect((await mapStack([frame])).frames[0]?.fileName).toBe('src/charge.ts');
  });

  it('looks at a file again when it has changed, a second later', async () => {
    const { code, map } = compile();
    const file = write('dist/server.js', code);
    expect((await mapAt(file)).isRaw).toBe(true);
    write('dist/server.js.map', JSON.stringify(map));
    write('dist/server.js', `${code}// built again`);
    expect((await mapAt(file)).isRaw).toBe(true);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2000);
    expect(await mapAt(file)).toEqual(MAPPED);
  });
});

describe('a large map', () => {
  /** Larger than what is parsed in the event loop. */
  function enlarge(map: Compiled['map']): Compiled['map'] {
    return {
      ...map,
      sources: [...map.sources, 'big.ts'],
      sourcesContent: [...map.sourcesContent, 'x'.repeat(400_000)],
    };
  }

  it('is mapped in a worker with the same result', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(enlarge(map)));
    expect(await mapAt(write('dist/server.js', code))).toEqual(MAPPED);
  });

  it('that is broken or another build’s leaves the frames as they are', async () => {
    const { code, map } = compile();
    const file = write('dist/server.js', `${code}//# debugId=${ID}\n`);
    let builds = 0;
    for (const text of [JSON.stringify(enlarge({ ...map, debugId: OTHER_ID })), `{${' '.repeat(400_000)}`]) {
      write('dist/server.js.map', text);
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ++builds * 5000);
      write('dist/server.js', `${code}${' '.repeat(builds)}\n//# debugId=${ID}\n`);
      expect(await mapAt(file)).toMatchObject({ isRaw: true, debugIds: { [file]: ID } });
    }
  });

  it('is mapped by the runtime as applications bundle it, before the process ends, without their preloads', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(enlarge(map)));
    const frame = frameAt(write('dist/server.js', code), 'new RangeError', nameIn(code));
    const preload = write('preload.cjs', 'console.log("preloaded")');
    const entry = fileURLToPath(new URL('../../../runtime/stack/node-map.ts', import.meta.url));
    const contents = `import { mapStack } from ${JSON.stringify(entry)};mapStack(${JSON.stringify([frame])}).then(({ frames }) => console.log(JSON.stringify(frames)))`;
    for (const [i, options] of [
      { minify: true },
      { minify: true, keepNames: true, target: 'es2018' },
    ].entries()) {
      const outfile = path(`run-${i}.mjs`);
      await build({
        stdin: { contents, resolveDir: path() },
        bundle: true,
        format: 'esm',
        platform: 'node',
        outfile,
        ...options,
      });
      const { stdout } = await run(process.execPath, [outfile], {
        env: { ...process.env, NODE_OPTIONS: `--require ${preload}` },
      });
      const [first, second, ...more] = stdout.trim().split('\n');
      expect([first, more]).toEqual(['preloaded', []]);
      expect(JSON.parse(second ?? '')).toEqual([
        { ...frame, functionName: 'charge', fileName: 'src/charge.ts', lineNumber: 2, columnNumber: 25 },
      ]);
    }
  });
});

describe('code in eval', () => {
  it('is placed where the eval is, under its own name', async () => {
    const { code, map } = compile(
      'export async function run(code: string) {\n  return (0, eval)(code);\n}\n',
    );
    write('dist/server.js.map', JSON.stringify(map));
    const file = write('dist/server.js', code);
    const name = nameIn(code);
    const frames = parseStackTrace(
      `    at ${name} (eval at ${name} (${file}:1:${code.indexOf('(0,eval)') + 1}), <anonymous>:7:7)`,
    );
    expect((await mapStack(frames)).frames[0]).toMatchObject({
      functionName: name,
      fileName: 'src/charge.ts',
      lineNumber: 2,
    });
  });
});

describe('any frames', () => {
  it('come back in their order, with their raw text', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const file = write('dist/server.js', code);
    const position = fc.option(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.double()));
    const text = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('a', 'charge', 'new a', 'a.b', '__proto__')),
    );
    const frame = fc.record({
      functionName: text,
      fileName: fc.option(fc.oneof(fc.constantFrom(file, `${file}x`, path(), '/', 'a.ts'), fc.string())),
      lineNumber: position,
      columnNumber: position,
      raw: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 5 }), async (frames) => {
        const before = structuredClone(frames);
        const mapped = await mapStack(frames);
        expect(mapped.frames.map(({ raw }) => raw)).toEqual(frames.map(({ raw }) => raw));
        expect(frames).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
