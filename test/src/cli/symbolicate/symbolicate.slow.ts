/** `replaystack symbolicate`: the program of fixtures/symbolicate, built and run, its maps kept elsewhere. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent, StackFrame } from '../../../../runtime/protocol.ts';
import { encode } from '../../../../runtime/delivery/spool/record.ts';
import { parseStackTrace } from '../../../../runtime/stack/parse.ts';
import { addDebugId } from '../../../../src/sourcemaps/debug-id.ts';
import type { Command, Ended } from '../../../support/command.ts';
import { bundleCommand } from '../../../support/command.ts';
import { root } from '../../../support/transform-fixtures.ts';

const ORIGINAL = [
  { functionName: 'Till.charge', fileName: 'src/charge.ts', lineNumber: 5, columnNumber: 50 },
  { functionName: 'refund', fileName: 'src/main.ts', lineNumber: 7, columnNumber: 30 },
  { functionName: null, fileName: 'src/main.ts', lineNumber: 11, columnNumber: 1 },
];

let command: Command;
let directory: string;
/** As the application sent it. */
let event: ReplayStackEvent;
let debugId: string;

const path = (...parts: string[]): string => join(directory, ...parts);
const symbolicate = (args: readonly string[], input?: string): Promise<Ended> =>
  command.run(['symbolicate', ...args], { cwd: directory, ...(input !== undefined && { input }) });

/** By stdin, as JSON. */
async function resolved(sent: unknown, maps = 'maps'): Promise<unknown> {
  const { code, stdout, stderr } = await symbolicate(['-', '--maps', maps, '--json'], JSON.stringify(sent));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

function write(file: string, text: string | Buffer): string {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
  return file;
}

const own = ({ stackFrames = [] }: ReplayStackEvent): object[] =>
  stackFrames.filter(({ fileName }) => fileName?.startsWith('src/')).map(({ raw: _, ...frame }) => frame);

beforeAll(async () => {
  command = await bundleCommand();
  directory = mkdtempSync(join(tmpdir(), 'replaystack symbolicate '));
  cpSync(join(root, 'fixtures/symbolicate/src'), path('src'), { recursive: true });
  await build({
    absWorkingDir: directory,
    entryPoints: ['src/main.ts'],
    outfile: 'dist/server.mjs',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    sourcemap: 'external',
  });
  const file = path('dist/server.mjs');
  const identified = addDebugId(readFileSync(file, 'utf8'), readFileSync(`${file}.map`, 'utf8'));
  ({ debugId } = identified);
  writeFileSync(file, identified.code);
  write('maps/server.mjs.map', identified.map);
  rmSync(`${file}.map`);
  // No help from the sources that lie there.
  renameSync(path('src'), path('sources'));

  const stackTrace = execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim();
  const stackFrames = parseStackTrace(stackTrace, 'RangeError: 😀 é negative');
  event = {
    traceId: 'b1',
    eventType: 'custom',
    status: 'failed',
    errorName: 'RangeError',
    errorMessage: '😀 é negative',
    stackTrace,
    stackFrames,
    metadata: { handled: false, debugIds: { [file]: debugId } },
  };
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await command[Symbol.asyncDispose]();
});

test('gives the event back with the original frames, to the column, and without what resolved them', async () => {
  const result = (await resolved(event)) as ReplayStackEvent;
  expect(own(result)).toEqual(ORIGINAL);
  expect(result.stackFrames?.map(({ raw }) => raw)).toEqual(event.stackFrames?.map(({ raw }) => raw));
  const { stackFrames: _, ...rest } = result;
  const { stackFrames: __, ...sent } = event;
  expect(rest).toEqual({ ...sent, metadata: { handled: false } });
});

test('shows people the source around each place', async () => {
  const file = write('event.json', JSON.stringify(event));
  const { code, stdout, stderr } = await symbolicate([file, '--maps', 'maps', '--context', '1']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`custom, trace b1
RangeError: 😀 é negative
  Till.charge src/charge.ts:5:50
    4 │   async charge(amount: number): Promise<string> {
    5 │     const label = '😀 é '; if (amount < 0) throw new RangeError(\`\${label}negative\`);
      │                                                  ^
    6 │     return \`\${amount} \${this.currency}\`;
  refund src/main.ts:7:30
    6 │ async function refund(amount: number): Promise<string> {
    7 │   const receipt = await till.charge(-amount);
      │                              ^
    8 │   return receipt.toUpperCase();
  <anonymous> src/main.ts:11:1
    10 │
    11 │ refund(5).then(console.log, (error: Error) => console.log(error.stack));
       │ ^
${othersOf(event)}`);
  const short = await symbolicate([file, '--maps', 'maps', '--context', '0']);
  expect(short.stdout.match(/│/g)).toHaveLength(2 * ORIGINAL.length);
});

describe('errors that the error brought along', () => {
  const brought = (): object => ({ name: 'RangeError', message: 'deep', stackFrames: event.stackFrames });
  const withBrought = (): ReplayStackEvent => ({
    ...event,
    metadata: { ...event.metadata, cause: { ...brought(), cause: brought() }, errors: [brought(), 'text'] },
  });

  test('have their frames resolved, at any depth', async () => {
    const { metadata } = (await resolved(withBrought())) as ReplayStackEvent;
    const { cause, errors } = metadata as { cause: { cause: ReplayStackEvent }; errors: ReplayStackEvent[] };
    for (const one of [cause, cause.cause, errors[0]]) expect(own(one as ReplayStackEvent)).toEqual(ORIGINAL);
    expect(errors[1]).toBe('text');
    expect(metadata).not.toHaveProperty('debugIds');
  });

  test('are shown below it', async () => {
    const file = write('brought.json', JSON.stringify(withBrought()));
    const { stdout } = await symbolicate([file, '--maps', 'maps', '--context', '0']);
    const place = /^ {2}Till\.charge src\/charge\.ts:5:50$/;
    const lines = stdout.split('\n').filter((line) => /^\S/.test(line) || place.test(line));
    const frame = '  Till.charge src/charge.ts:5:50';
    expect(lines.slice(1)).toEqual(
      ['RangeError: 😀 é negative', 'caused by RangeError: deep', 'caused by RangeError: deep']
        .concat('one of RangeError: deep')
        .flatMap((line) => [line, frame]),
    );
  });

  test('are left alone where they are something of the application’s', async () => {
    const metadata = { ...event.metadata, cause: { stackFrames: 1, cause: null }, errors: 3 };
    const { cause, errors } = ((await resolved({ ...event, metadata })) as ReplayStackEvent).metadata ?? {};
    expect({ cause, errors }).toEqual({ cause: metadata.cause, errors: 3 });
  });
});

/** Frames of Node. */
function othersOf({ stackFrames = [] }: ReplayStackEvent): string {
  return stackFrames
    .slice(ORIGINAL.length)
    .map(({ raw }) => `  ${raw}\n`)
    .join('');
}

describe('events may come', () => {
  const two = (): ReplayStackEvent[] => [event, { ...event, traceId: 'b2' }];
  const check = (events: ReplayStackEvent[]): void => {
    expect(events.map(({ traceId }) => traceId)).toEqual(['b1', 'b2']);
    for (const event of events) expect(own(event)).toEqual(ORIGINAL);
  };

  test('in a list', async () => check((await resolved(two())) as ReplayStackEvent[]));

  test('in the body of a bulk request', async () => {
    const { events, ...rest } = (await resolved({ events: two() })) as { events: ReplayStackEvent[] };
    expect(rest).toEqual({});
    check(events);
  });

  test.each([
    [
      'one on each line',
      (): string =>
        two()
          .map((one) => JSON.stringify(one))
          .join('\n'),
    ],
    [
      'in a file of the spool',
      (): Buffer => Buffer.concat([...two().map((one) => encode(JSON.stringify(one))), encode('["try",0]')]),
    ],
  ])('%s', async (_, text) => {
    const file = write('events.ndjson', text());
    const { stdout } = await symbolicate([file, '--maps', 'maps', '--json']);
    check(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ReplayStackEvent),
    );
  });

  test('with others that did not fail, which stay as they are', async () => {
    const success = { traceId: 'b3', eventType: 'api', status: 'success' };
    expect(await resolved([success, event])).toMatchObject([success, { traceId: 'b1' }]);
  });
});

describe('the map is found', () => {
  const withoutId = (): ReplayStackEvent => ({ ...event, metadata: {} });
  const map = (): string => readFileSync(path('maps/server.mjs.map'), 'utf8');
  const withOtherId = (): string =>
    map().replace(
      debugId,
      debugId.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    );

  test('by its debug id, whatever it is called', async () => {
    write('renamed/deep/.hidden/a.map', map());
    write('renamed/server.mjs.map', withOtherId());
    expect(own((await resolved(event, 'renamed')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });

  test('by the name of the file, where the event has no id, or the map has none', async () => {
    expect(own((await resolved(withoutId())) as ReplayStackEvent)).toEqual(ORIGINAL);
    write('plain/server.mjs.map', map().replace(`,"debugId":"${debugId}"`, ''));
    expect(own((await resolved(event, 'plain')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });

  test.each(['C:\\shop\\dist\\server.mjs', '/app/dist/server.mjs?v=2', 'server.mjs'])(
    'of %s',
    async (fileName) => {
      const moved = event.stackFrames?.map((frame) =>
        frame.fileName?.endsWith('server.mjs') === true ? { ...frame, fileName } : frame,
      );
      const sent = { ...withoutId(), stackFrames: moved };
      expect(own((await resolved(sent)) as ReplayStackEvent)).toEqual(ORIGINAL);
    },
  );

  test('as a single file', async () => {
    expect(own((await resolved(event, 'maps/server.mjs.map')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });

  test('by the directories that it lies in, where several are called so', async () => {
    write('several/dist/server.mjs.map', map());
    write('several/other/server.mjs.map', '{"version":3,"sources":[],"names":[],"mappings":""}');
    expect(own((await resolved(withoutId(), 'several')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });

  test('within the code', async () => {
    const code = readFileSync(path('dist/server.mjs'), 'utf8');
    const data = Buffer.from(map()).toString('base64');
    write('inline/server.mjs', `${code}//# sourceMappingURL=data:application/json;base64,${data}\n`);
    expect(own((await resolved(event, 'inline')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });

  test('in sections, and with a map within what it leads to', async () => {
    const sections = [{ offset: { line: 0, column: 0 }, map: JSON.parse(map()) as object }];
    write('sections/server.mjs.map', JSON.stringify({ version: 3, debugId, sections }));
    expect(own((await resolved(event, 'sections')) as ReplayStackEvent)).toEqual(ORIGINAL);

    const code = readFileSync(path('dist/server.mjs'), 'utf8');
    const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map()).toString('base64')}`;
    // The outer one leads from each place of the bundle to the same place of a copy.
    const outer = await build({
      stdin: { contents: code, sourcefile: '../dist/copy.mjs', loader: 'js' },
      minify: false,
      format: 'esm',
      sourcemap: 'external',
      write: false,
      outfile: path('dist/copy.mjs'),
    });
    const json = JSON.parse(outer.outputFiles.find((file) => file.path.endsWith('.map'))?.text ?? '') as {
      sourcesContent: string[];
    };
    json.sourcesContent[0] += `\n${inline}`;
    write('nested/copy.mjs.map', JSON.stringify(json));
    const copy = path('dist/copy.mjs');
    writeFileSync(copy, outer.outputFiles.find((file) => file.path.endsWith('.mjs'))?.text ?? '');
    const stack = execFileSync(process.execPath, [copy], { encoding: 'utf8' });
    const stackFrames = parseStackTrace(stack, 'RangeError: 😀 é negative');
    expect(own((await resolved({ ...event, stackFrames }, 'nested')) as ReplayStackEvent)).toEqual(ORIGINAL);
  });
});

describe('frames stay as they are', () => {
  const frame = (fileName: string): StackFrame => ({
    functionName: 'f',
    fileName,
    lineNumber: 1,
    columnNumber: 1,
    raw: `at f (${fileName}:1:1)`,
  });

  test('of Node, of libraries, and those that are original', async () => {
    const others = ['node:fs', '/app/node_modules/a/b.js', 'src/a.ts', 'webpack://shop/./src/a.ts'].map(
      frame,
    );
    const sent = { ...event, stackFrames: [...(event.stackFrames ?? []), ...others] };
    expect(((await resolved(sent)) as ReplayStackEvent).stackFrames?.slice(-4)).toEqual(others);
  });

  test('of files without a map: their debug ids stay as well, and stderr says so', async () => {
    const debugIds = { '/app/vendor.js': '85314830-023f-4cf1-a267-535f4e37bb17' };
    const vendor = frame('/app/vendor.js');
    const sent = {
      ...event,
      stackFrames: [...(event.stackFrames ?? []), vendor],
      metadata: { debugIds: { ...(event.metadata?.['debugIds'] as object), ...debugIds } },
    };
    const { code, stdout, stderr } = await symbolicate(
      ['-', '--maps', 'maps', '--json'],
      JSON.stringify(sent),
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'No map in maps belongs to /app/vendor.js (debug id 85314830-023f-4cf1-a267-535f4e37bb17).\n',
    });
    const { stackFrames, metadata } = JSON.parse(stdout) as ReplayStackEvent;
    expect(stackFrames?.at(-1)).toEqual(vendor);
    expect(metadata).toEqual({ debugIds });
  });
});

describe('what cannot be done is one sentence, and exit code 1', () => {
  const fails = async (sent: unknown, maps: string, sentence: RegExp | string): Promise<void> => {
    const text = typeof sent === 'string' ? sent : JSON.stringify(sent);
    const { code, stdout, stderr } = await symbolicate(['-', '--maps', maps], text);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr.trimEnd()).toMatch(sentence);
  };

  test('no such file', async () => {
    const { code, stdout, stderr } = await symbolicate(['nowhere.json', '--maps', 'maps']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^nowhere\.json cannot be read: ENOENT: no such file or directory.*\.\n$/);
  });

  test('broken JSON', () => fails('{"traceId":', 'maps', /^The input is no JSON: .*\.$/));

  test('broken JSON in some line', () =>
    fails(`${JSON.stringify(event)}\n{"traceId"\n`, 'maps', /^The input is no JSON in line 2: .*\.$/));

  test.each([['[]'], ['{}'], ['1'], ['null'], [''], ['{"events":[]}'], ['[{"traceId":"a"},7]']])(
    'no event: %s',
    (text) => fails(text, 'maps', /^The input holds no event\.$/),
  );

  test('an event without frames of a bundle', () =>
    fails({ ...event, stackFrames: [] }, 'maps', /^There are no frames of a bundle in the input\.$/));

  test('no such directory', () => fails(event, 'nowhere', /^There is no directory nowhere\.$/));

  test('no map in it', async () => {
    mkdirSync(path('empty'));
    await fails(event, 'empty', /^There is no map in empty\.$/);
  });

  test('none that belongs to the frames', async () => {
    write('others/index.js.map', '{"version":3,"sources":[],"names":[],"mappings":""}');
    await fails(
      event,
      'others',
      /^No map in others belongs to .*\/dist\/server\.mjs \(debug id [\da-f-]+\)\.$/,
    );
  });

  test('one of the same name, of another build', async () => {
    const map = readFileSync(path('maps/server.mjs.map'), 'utf8');
    write('another/server.mjs.map', map.replace(debugId, '85314830-023f-4cf1-a267-535f4e37bb17'));
    await fails(event, 'another', /^No map in another belongs to /);
  });

  test('several that may be meant', async () => {
    for (const name of ['a', 'b'])
      write(`twins/${name}/server.mjs.map`, readFileSync(path('maps/server.mjs.map')));
    await fails(
      { ...event, metadata: {} },
      'twins',
      /^Several maps in twins may belong to .*server\.mjs: .*\.map, .*\.map\.$/,
    );
  });

  test.each([
    ['no JSON', '<html>'],
    ['JSON of something else', '{"version":3}'],
    ['mappings that are none', '{"version":3,"sources":[],"names":[],"mappings":"\u0001"}'],
  ])('a broken map: %s', async (_, text) => {
    write('broken/server.mjs.map', text);
    await fails(event, 'broken', /^.*\/broken\/server\.mjs\.map is no source map: .*\.$/);
  });
});
