/**
 * A generated program fails at hundreds of places, built in every way with us and without us. Every frame of the application
 * that arrives in an event has the line and the column of the original that the build without us gives, or, where that build is
 * wrong, the true ones.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent, StackFrame } from '../../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../../src/receiver/index.ts';
import { build } from '../../support/e2e-bundlers.ts';
import { type Place, possibleFrames } from '../../support/e2e-oracle.ts';
import { createProject, type Project } from '../../support/e2e-project.ts';
import { run } from '../../support/e2e-service.ts';
import fc from '../../support/properties.ts';
import { isWhole } from '../extent.ts';
import { requestOf, type Way, ways } from './builds.ts';
import { generate, type Language, type Program } from './program.ts';

/** What an error came with, and the errors that it brought along, in the words of the program or of an event. */
interface Thrown {
  stack?: string;
  message?: string;
  stackFrames?: StackFrame[];
  cause?: Thrown;
  errors?: Thrown[];
}

const COUNT = isWhole ? 400 : 60;
const seed = fc.readConfigureGlobal().seed ?? Date.now();

const programs = new Map<Language, Program>();
function programOf(language: Language): Program {
  const known = programs.get(language) ?? generate(language, COUNT, seed);
  programs.set(language, known);
  return known;
}

/** Of the error, and of those that it brought along, from the outside to the inside. */
function stacksOf(thrown: Thrown): Thrown[] {
  return [thrown, ...[thrown.cause ?? [], thrown.errors ?? []].flat().flatMap(stacksOf)].filter(
    ({ stack }) => stack !== undefined,
  );
}

const placesOf = ({ stackFrames = [] }: Thrown): Place[] =>
  stackFrames
    .filter(({ fileName }) => fileName?.startsWith('src/'))
    .map(({ fileName, lineNumber, columnNumber }) => [fileName ?? '', lineNumber ?? 0, columnNumber ?? 0]);

/** What was evaluated is where the evaluation is. */
const linesOf = ({ stack = '' }: Thrown): string[] =>
  stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.replace(/\(eval at [^(]*\(([^()]+)\).*/, '($1)'));

/** What each failure has thrown, by what it can be told by. */
async function thrownBy(project: Project, file: string, variables = {}): Promise<Record<string, Thrown>> {
  const THROWN = project.path(`${file.includes('absent') ? 'absent' : 'own'}.json`);
  const { code, stderr } = await run(project.dir, [file], { THROWN, NODE_ENV: 'production', ...variables });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(readFileSync(THROWN, 'utf8')) as Record<string, Thrown>;
}

/** Where the program fails, whoever builds it: by Node itself, or by ts-loader, which is exact, where Node cannot read it. */
const truths = new Map<Language, Promise<Record<string, Place[][][]>>>();
function truthOf(language: Language): Promise<Record<string, Place[][][]>> {
  let truth = truths.get(language);
  if (truth === undefined) truths.set(language, (truth = findTruth(language)));
  return truth;
}

async function findTruth(language: Language): Promise<Record<string, Place[][][]>> {
  const { files, truth } = programOf(language);
  if (language === 'typescript') {
    const project = createProject('maps', files);
    const way = ways.find(({ title }) => title === 'ts-loader behind us') as Way;
    const { file } = await build(project, way.bundler, requestOf(way, project, false, 'absent'));
    return mapAll(await thrownBy(project, file), project);
  }
  const project = createProject('maps', truth);
  const thrown = await thrownBy(project, project.path('src/main.js'));
  const extension = language === 'javascript' ? '.js' : '.ts';
  const placeOf = (line: string): Place[][] => {
    const [, name, row, column] = /\/(src\/[\w-]+)\.js:(\d+):(\d+)/.exec(line) ?? [];
    return name === undefined ? [] : [[[name + extension, Number(row), Number(column)]]];
  };
  return forEach(thrown, (one) => linesOf(one).flatMap(placeOf));
}

/** By the maps of the build that has thrown. */
function mapAll(thrown: Record<string, Thrown>, project: Project): Record<string, Place[][][]> {
  const maps = new Map();
  return forEach(thrown, (one) => possibleFrames(project.dir, linesOf(one), maps));
}

function forEach(
  thrown: Record<string, Thrown>,
  places: (one: Thrown) => Place[][],
): Record<string, Place[][][]> {
  return Object.fromEntries(Object.entries(thrown).map(([id, one]) => [id, stacksOf(one).map(places)]));
}

const isAmong = (place: Place | undefined, places: Place[] = []): boolean =>
  place !== undefined && places.some((one) => String(one) === String(place));

const isOnLine = (place: Place | undefined, places: Place[]): boolean =>
  place !== undefined && places.some(([file, line]) => file === place[0] && line === place[1]);

/** On a true line, where the build without us is on another one: that of the statement before, or of what calls it. */
const isNearer = (place: Place | undefined, without: Place | undefined, truth: Place[] = []): boolean =>
  without !== undefined && isOnLine(place, truth) && !isOnLine(without, [place as Place]);

/**
 * What is to be found in a stack: what the build without us has, but for frames where that one is wrong and ours are true, or
 * on the true line at least, or where both are beside the truth, on the same line. V8 follows a promise to who awaits it as long as nobody else looks at it,
 * and we look at what handlers of routes return: so behind the handler there may be fewer frames, but no others. And a minifier
 * that puts one function into another without us may leave both with us: a stack that is the true one, line by line, is right.
 */
function expectedOf(found: Place[], wanted: Place[][], truth: Place[]): Place[] {
  if (
    found.length === truth.length &&
    found.every((place, index) => isOnLine(place, [truth[index] as Place]))
  )
    return found;
  const handler = wanted.findIndex(([place]) => place?.[0].startsWith('src/routes.'));
  const shown = handler < 0 || found.length <= handler ? wanted : wanted.slice(0, found.length);
  const due: Place[] = [];
  const left = [...shown];
  for (const place of found) {
    const places = left[0] ?? [];
    const last = places.at(-1);
    const isBeside = last !== undefined && !isAmong(last, truth) && isOnLine(place, [last]);
    const isRight = isAmong(place, places) || isBeside || isNearer(place, last, truth);
    // A frame that is there as it is in the source, and has gone into another without us.
    const isMore = !isRight && isOnLine(place, truth) && found.length > due.length + left.length;
    if (isRight || isAmong(place, truth) || isMore) due.push(place);
    else if (last !== undefined) due.push(last);
    if (!isMore) left.shift();
  }
  return [...due, ...left.map((places) => places.at(-1) as Place)];
}

const table: string[] = [];
/** See README.md: without us as well, frames of what Rspack has minified lead to other lines than they should. */
const isLeftAlone = ({ bundler }: Way, minify: boolean): boolean => bundler === 'rspack' && minify;
const chosen: (Way & { minify: boolean })[] = ways.flatMap((way) =>
  [false, true].filter((minify) => !isLeftAlone(way, minify)).map((minify) => ({ ...way, minify })),
);
/** Of every bundler one way. */
const slice = chosen.filter(({ bundler, title, minify }) =>
  [
    'esbuild TypeScript true',
    'vite TypeScript true',
    'rollup JavaScript false',
    'rolldown TypeScript false',
    'webpack types, ts-loader behind us false',
    'rspack swc behind us false',
  ].includes(`${bundler} ${title} ${minify}`),
);

describe.each(isWhole ? chosen : slice)('$bundler, $title, minified: $minify', (way) => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());

  test('every frame is where the build without us has it', { timeout: 300_000 }, async () => {
    const { files, ids } = programOf(way.language);
    const project = createProject('maps', files);
    const without = await build(project, way.bundler, requestOf(way, project, way.minify, 'absent'));
    const own = await build(project, way.bundler, requestOf(way, project, way.minify));
    const expected = await thrownBy(project, without.file);
    const thrown = await thrownBy(project, own.file, {
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
      REPLAYSTACK_OFFLINE_QUEUE_MAX: '5000',
    });
    // What was swallowed on the way is an event of its own. Names of functions are in messages of V8's.
    const keyOf = (message = ''): string => message.replace(/^\w+(?=\()/, '');
    const events = new Map(receiver.events.map((event) => [keyOf(event.errorMessage), event]));
    const eventOf = (id: string): ReplayStackEvent | undefined => events.get(keyOf(expected[id]?.message));
    // Rollup takes a component for pure, and what nobody uses of it away.
    const failing = ids.filter((id) => expected[id]?.message !== undefined);
    expect(failing.length).toBeGreaterThan(ids.length * 0.98);
    expect(ids.filter((id) => thrown[id]?.message !== undefined)).toEqual(failing);
    expect(failing.filter((id) => eventOf(id) === undefined)).toEqual([]);

    const truth = await truthOf(way.language);
    const mapped = mapAll(expected, project);
    const counts = { frames: 0, same: 0, truer: 0, nearer: 0, beside: 0 };
    const differing: unknown[] = [];
    for (const id of failing) {
      const { stackTrace, stackFrames, metadata } = eventOf(id) as ReplayStackEvent;
      const event = { stack: stackTrace ?? '', stackFrames: stackFrames ?? [], ...(metadata as Thrown) };
      const found = stacksOf(event).map(placesOf);
      const wanted = mapped[id] ?? [];
      const actual = truth[id] ?? [];
      const due = wanted.map((places, index) =>
        expectedOf(found[index] ?? [], places, actual[index]?.flat() ?? []),
      );
      if (!isDeepStrictEqual(found, due)) {
        differing.push({ stackTrace, found: found.map(String), due: due.map(String) });
        continue;
      }
      for (const [index, places] of found.entries()) {
        for (const [at, place] of places.entries()) {
          counts.frames++;
          if (isAmong(place, wanted[index]?.[at])) counts.same++;
          else if (isAmong(place, actual[index]?.flat())) counts.truer++;
          else if (isNearer(place, wanted[index]?.[at]?.at(-1), actual[index]?.flat())) counts.nearer++;
          else counts.beside++;
        }
      }
    }
    const figures = [failing.length, differing.length, ...Object.values(counts)];
    table.push(`| ${[way.bundler, way.title, way.minify ? 'yes' : 'no', ...figures].join(' | ')} |`);
    // Where a function is called once, Terser puts the value it is called with in the place of the parameter, at its position.
    const tolerated = way.bundler === 'webpack' && way.minify ? failing.length / 100 : 0;
    // The first few show what it is.
    expect(differing.length > tolerated ? differing.slice(0, 3) : []).toEqual([]);
    expect(counts.beside).toBeLessThan(counts.frames / 50);
  });
});

afterAll(() => {
  const head =
    '| bundler | step | minified | places that fail | of them differ | frames of the others | as without us | true, and wrong without us | on a true line, and on another one without us | beside the truth with and without |';
  console.info([`seed ${seed}`, head, '|---|---|---|---|---|---|---|---|---|---|', ...table].join('\n'));
});
