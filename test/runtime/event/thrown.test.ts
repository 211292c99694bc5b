/** What others have made of stacks before we look at them, and errors that are none. */
import { afterEach, expect, it } from 'vitest';
import { createEventBuilder } from '../../../runtime/event/build-event.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';

const { stackTraceLimit, prepareStackTrace } = Error;
afterEach(() => void Object.assign(Error, { stackTraceLimit, prepareStackTrace }));

const { options } = resolveOptions({ apiKey: 'k' }, {});
const builder = createEventBuilder(options, createMasker(options.maskFields, options.maskPatterns));

async function built(error: unknown): Promise<ReplayStackEvent> {
  return JSON.parse(await builder.build({ error })) as ReplayStackEvent;
}

function deep(depth: number): Error {
  return depth === 0 ? new Error('deep') : deep(depth - 1);
}

it.each([
  [0, 0],
  [1, 1],
  [50, 50],
  [Infinity, 100],
  [undefined, undefined],
  ['many', undefined],
])('with Error.stackTraceLimit of %s there are %s frames', async (limit, count) => {
  Error.stackTraceLimit = limit as number;
  const { stackFrames, errorMessage } = await built(deep(300));
  expect(errorMessage).toBe('deep');
  expect(stackFrames?.length).toBe(count);
  if (count) expect(stackFrames?.[0]?.functionName).toBe('deep');
  expect(Error.stackTraceLimit).toBe(limit);
});

it.each<[string, NonNullable<typeof prepareStackTrace>]>([
  ['call sites', (_, sites) => sites],
  ['nothing', () => undefined],
  ['something else', () => ({ frames: 1 })],
  [
    'an error',
    () => {
      throw new Error('prepare');
    },
  ],
])(
  'with a prepareStackTrace that gives %s the error is there, and so is the function',
  async (_, prepare) => {
    Error.prepareStackTrace = prepare;
    expect(await built(new TypeError('odd'))).toMatchObject({
      errorName: 'TypeError',
      errorMessage: 'odd',
      status: 'failed',
    });
    expect(Error.prepareStackTrace).toBe(prepare);
  },
);

it('with a prepareStackTrace that writes stacks its own way, what it wrote is there', async () => {
  Error.prepareStackTrace = ({ message }, sites) => `${message}!\n    at own (/app/a.js:1:${sites.length})`;
  const { stackTrace, stackFrames } = await built(new Error('own'));
  expect(stackTrace).toMatch(/^own!\n/);
  expect(stackFrames).toMatchObject([{ functionName: 'own', fileName: '/app/a.js', lineNumber: 1 }]);
});

it('frozen errors, and those of the platform, are told like others', async () => {
  const errors = [Object.freeze(new RangeError('frozen')), new DOMException('dom', 'DataCloneError')];
  const [frozen, dom] = await Promise.all(errors.map(built));
  expect(frozen).toMatchObject({ errorName: 'RangeError', errorMessage: 'frozen' });
  expect(dom).toMatchObject({ errorName: 'DataCloneError', errorMessage: 'dom' });
  for (const event of [frozen, dom]) {
    const own = event?.stackFrames?.find(({ fileName }) => !fileName?.startsWith('node:'));
    expect(own?.fileName).toMatch(/runtime\/event\/thrown\.test\.ts$/);
  }
});
