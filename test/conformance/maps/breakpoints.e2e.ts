/** Whoever debugs what was built, by the lines of the source, does not notice us. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../../src/receiver/index.ts';
import { build } from '../../support/e2e-bundlers.ts';
import { createProject, positionOf, type Project } from '../../support/e2e-project.ts';
import { isWhole } from '../extent.ts';
import { requestOf, type Way, ways } from './builds.ts';
import { debug, type Line, type Paused, type Send, type Sources, sourcesOf } from './debugger.ts';

interface Build {
  project: Project;
  file: string;
  sources: Sources;
}

/** Builds that are debugged are not minified. */
const chosen = ways.filter(({ bundler, title }) =>
  [
    'esbuild TypeScript',
    'webpack ts-loader behind us',
    ...(isWhole ? ['vite TypeScript', 'rollup esbuild behind us'] : []),
  ].includes(`${bundler} ${title}`),
);

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

/** @param visit says how the program goes on behind a pause, unless it just does */
async function walk(
  { project, file }: Build,
  prepare: (send: Send) => Promise<unknown>,
  visit: (paused: Paused, send: Send) => Promise<string | undefined>,
): Promise<void> {
  const variables = { REPLAYSTACK_API_KEY: 'rs_test', REPLAYSTACK_ENDPOINT: receiver.url };
  await debug(project, file, variables, async ({ send, pauses }) => {
    await prepare(send);
    await send('Runtime.runIfWaitingForDebugger');
    for await (const paused of pauses) await send((await visit(paused, send)) ?? 'Debugger.resume');
  });
}

/** Sets a breakpoint on each of the lines; those that come to the same position share it. */
async function setBreakpoints(
  { sources }: Build,
  send: Send,
  lines?: readonly Line[],
): Promise<Map<string, Line[]>> {
  const linesByPosition = new Map<string, Line[]>();
  for (const { line, ...position } of sources.breakpoints) {
    if (lines?.includes(line) === false) continue;
    const key = JSON.stringify(position);
    linesByPosition.set(key, [...(linesByPosition.get(key) ?? []), line]);
  }
  const set = [...linesByPosition].map(async ([position, own]): Promise<[string, Line[]]> => {
    const { breakpointId = '' } = await send('Debugger.setBreakpointByUrl', JSON.parse(position) as object);
    return [breakpointId, own];
  });
  return new Map(await Promise.all(set));
}

/** On which line the program first pauses for a breakpoint, by the line that the breakpoint is set on. */
async function hitsOf(built: Build): Promise<Map<Line, Line | undefined>> {
  const hits = new Map<Line, Line | undefined>();
  let lines = new Map<string, Line[]>();
  await walk(
    built,
    async (send) => (lines = await setBreakpoints(built, send)),
    async (paused, send) => {
      for (const breakpointId of paused.hitBreakpoints ?? []) {
        for (const line of lines.get(breakpointId) ?? []) hits.set(line, built.sources.lineOf(paused));
        await send('Debugger.removeBreakpoint', { breakpointId });
      }
      return undefined;
    },
  );
  return hits;
}

/** Steps through functions, in the order in which they run, and gives the lines that it pauses on in each. */
async function stepsOf(built: Build, spans: readonly Span[]): Promise<(Line | undefined)[][]> {
  const all: (Line | undefined)[][] = [];
  let isStepping = false;
  const waitForNext = async (send: Send): Promise<unknown> => {
    const next = spans[all.length];
    return next && setBreakpoints(built, send, [next.from]);
  };
  await walk(built, waitForNext, async (paused, send) => {
    const [breakpointId] = paused.hitBreakpoints ?? [];
    if (breakpointId !== undefined) {
      all.push([]);
      isStepping = true;
      await send('Debugger.removeBreakpoint', { breakpointId });
      await waitForNext(send);
    }
    const line = built.sources.lineOf(paused);
    const span = spans[all.length - 1];
    isStepping &&=
      built.sources.has(paused) && (line === undefined || (span && isWithin(span, line))) === true;
    if (!isStepping) return undefined;
    const steps = all.at(-1);
    if (steps?.length === 0 || steps?.at(-1) !== line) steps?.push(line);
    return 'Debugger.stepOver';
  });
  return all;
}

/** Where in the sources a debugger stops that stops at every error, and whether it takes it for one that nobody catches. */
async function throwsOf(built: Build): Promise<{ line: Line; isUncaught: boolean }[]> {
  const found: { line: Line; isUncaught: boolean }[] = [];
  await walk(
    built,
    (send) => send('Debugger.setPauseOnExceptions', { state: 'all' }),
    async (paused) => {
      const line = built.sources.lineOf(paused);
      if (['exception', 'promiseRejection'].includes(paused.reason) && line?.startsWith('src/') === true)
        found.push({ line, isUncaught: paused.data?.uncaught === true });
      return undefined;
    },
  );
  return found;
}

/** A function, from the first of its statements to the brace that ends it. */
interface Span {
  from: Line;
  to: Line;
}

const fileOf = (line: Line | undefined): string | undefined => line?.split(':')[0];

/** See README.md: Rolldown puts the value of a variable that is read once in the place where it is read. */
const isInlined = ({ bundler }: Way, project: Project, line: Line): boolean =>
  ['vite', 'rolldown'].includes(bundler) &&
  line === `src/payments.ts:${positionOf(project, 'src/payments.ts', '  const fees').line}`;

/** See README.md: what ends an observed function is ours, and the brace with it. */
function isBrace(project: Project, line: Line): boolean {
  const [file = '', row] = line.split(':');
  const text = project.read(file).split('\n')[Number(row) - 1];
  return text?.startsWith('}') === true;
}

function isWithin({ from, to }: Span, line: Line): boolean {
  const [file, row] = line.split(':');
  const [own, first] = from.split(':');
  return file === own && Number(row) >= Number(first) && Number(row) <= Number(to.split(':')[1]);
}

/** Some that are observed, in the order in which they run: by how they begin, and by what ends them. */
const stepped = [
  ['src/basket.ts', '  const order = {', '}\n// The end.'],
  ['src/main.ts', '  const id = context', "});\n\napp.get('/total'"],
  ['src/basket.ts', '  for (let index', '}\n\nexport const describe'],
  ['src/payments.ts', '  let sum = 0;', '}\n\nexport async function charge('],
] as const;

const spansOf = (project: Project): Span[] =>
  stepped.map(([file, first, last]) => ({
    from: `${file}:${positionOf(project, file, first).line}`,
    to: `${file}:${positionOf(project, file, last).line}`,
  }));

describe.each(chosen)('$bundler, $title', (way) => {
  let without: Build;
  let own: Build;

  beforeAll(async () => {
    const project = createProject('maps');
    const absent = await build(project, way.bundler, requestOf(way, project, false, 'absent'));
    const { file } = await build(project, way.bundler, requestOf(way, project, false));
    without = { project, file: absent.file, sources: sourcesOf(dirname(absent.file)) };
    own = { project, file, sources: sourcesOf(dirname(file)) };
  });

  const both = <T>(look: (built: Build) => Promise<T>): Promise<T[]> => Promise.all([without, own].map(look));

  test('a breakpoint that is hit without us is hit, on the same line, or on the very one it is set on', async () => {
    const [expected = new Map<Line, Line>(), found = new Map<Line, Line>()] = await both(hitsOf);
    expect(expected.size).toBeGreaterThan(60);
    const missed = [...expected].filter(
      ([line, at]) =>
        // An import is nothing to pause at: what comes next is of another module.
        fileOf(at) === fileOf(line) &&
        !(found.has(line) && [line, at].includes(found.get(line))) &&
        !isInlined(way, own.project, line) &&
        !isBrace(own.project, line),
    );
    expect(missed.map(([line, at]) => ({ line, without: at, own: found.get(line) }))).toEqual([]);
  });

  test('steps go from statement to statement as without us, and to the brace of the function', async () => {
    const spans = spansOf(own.project);
    const [expected = [], found = []] = await both((built) => stepsOf(built, spans));
    const statements = (steps: (Line | undefined)[][]): (Line | undefined)[][] =>
      steps.map((lines, index) => lines.filter((line) => line !== undefined && line !== spans[index]?.to));
    expect(statements(found)).toEqual(statements(expected));
    expect(found).toHaveLength(spans.length);
    // Once at most behind each: what ends it.
    for (const lines of found) expect(lines.filter((line) => line === undefined).length).toBeLessThan(2);
  });

  test('a debugger that stops at errors stops where they are thrown', async () => {
    const [expected, found] = await both(throwsOf);
    const line = `src/payments.ts:${positionOf(own.project, 'src/payments.ts', 'throw new TypeError').line}`;
    expect(expected).toEqual([{ line, isUncaught: true }]);
    // See README.md: what passes through our `catch` counts as caught, and for Rolldown the `throw` in it has a place, too.
    const [thrown, ...passedOn] = found ?? [];
    expect(thrown).toEqual({ line, isUncaught: false });
    expect(passedOn.length).toBeLessThan(way.bundler === 'vite' ? 2 : 1);
    expect(passedOn.every(({ isUncaught }) => isUncaught)).toBe(true);
  });
});
