/** The stacks of errors that an error brings along: they are mapped as its own is. */
import { describe, expect, it } from 'vitest';
import { createEventBuilder } from '../../../runtime/event/build-event.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';
import type { ReplayStackEvent, StackFrame } from '../../../runtime/protocol.ts';
import { compile, frameAt, ID, nameIn, useDeployment } from '../stack/deployment.ts';

interface Told {
  name: string;
  stack: string;
  stackFrames: StackFrame[];
  cause?: Told;
  errors?: Told[];
}

const { write } = useDeployment();
const { options } = resolveOptions({ apiKey: 'k' }, {});
const builder = createEventBuilder(options, createMasker(options.maskFields, options.maskPatterns));

async function built(error: unknown): Promise<ReplayStackEvent> {
  return JSON.parse(await builder.build({ error })) as ReplayStackEvent;
}

/** An error that was thrown in a bundle. */
function thrownIn(file: string, message: string, more: ErrorOptions = {}): Error {
  const error = new Error(message, more);
  const { raw } = frameAt(file, 'new RangeError', nameIn(compile().code));
  error.stack = `Error: ${message}\n    ${raw}\n    at node:internal/x:1:2`;
  return error;
}

function deployed(): string {
  const { code, map } = compile();
  write('dist/server.js.map', JSON.stringify(map));
  return write('dist/server.js', code);
}

const places = (frames: StackFrame[] | undefined): string[] | undefined =>
  frames?.map(({ functionName, fileName, lineNumber, columnNumber }) =>
    [functionName, fileName, lineNumber, columnNumber].join(' '),
  );

const MAPPED = ['charge src/charge.ts 2 25', ' node:internal/x 1 2'];

describe('the stacks', () => {
  it('of causes are mapped, one below the other', async () => {
    const file = deployed();
    const cause = thrownIn(file, 'middle', { cause: thrownIn(file, 'deep') });
    const { stackFrames, metadata } = await built(thrownIn(file, 'outer', { cause }));
    const told = metadata?.['cause'] as Told;
    for (const frames of [stackFrames, told.stackFrames, told.cause?.stackFrames])
      expect(places(frames)).toEqual(MAPPED);
    expect(Object.keys(told).sort()).toEqual(['cause', 'message', 'name', 'stack', 'stackFrames']);
    expect(told.stack).toContain(file);
    expect(Object.keys(told.stackFrames[0] ?? {})).toEqual(Object.keys(stackFrames?.[0] ?? {}));
  });

  it('of the errors of an AggregateError are mapped, and those of their causes', async () => {
    const file = deployed();
    const errors = [thrownIn(file, 'a'), thrownIn(file, 'b', { cause: thrownIn(file, 'c') })];
    const { metadata = {} } = await built(new AggregateError(errors, 'all'));
    const [first, second] = metadata['errors'] as Told[];
    for (const told of [first, second, second?.cause])
      expect(places(told?.stackFrames), told?.stack).toEqual(MAPPED);
  });

  it('of causes are mapped where what was thrown has none itself', async () => {
    const { stackFrames, metadata = {} } = await built({
      message: 'plain',
      cause: thrownIn(deployed(), 'deep'),
    });
    expect(stackFrames).toBeUndefined();
    expect(places((metadata['cause'] as Told).stackFrames)).toEqual(MAPPED);
  });

  it('of a process that ends are mapped while it waits', () => {
    const file = deployed();
    const error = thrownIn(file, 'outer', { cause: thrownIn(file, 'deep') });
    const { metadata = {} } = JSON.parse(builder.buildNow({ error }, true)) as ReplayStackEvent;
    expect(places((metadata['cause'] as Told).stackFrames)).toEqual(MAPPED);
  });

  it('whose maps stayed at home have the debug ids of their files', async () => {
    const file = write('dist/cause.js', `${compile().code}//# debugId=${ID}\n`);
    const { metadata } = await built(new Error('outer', { cause: thrownIn(file, 'deep') }));
    expect(metadata?.['debugIds']).toEqual({ [file]: ID });
  });

  it('of all of them together are no more than one event can carry', async () => {
    const file = deployed();
    const long = (message: string, more?: ErrorOptions): Error => {
      const error = thrownIn(file, message, more);
      error.stack += '\n    at node:internal/y:1:2'.repeat(200);
      return error;
    };
    const errors = Array.from({ length: 10 }, (_, i) => long(`${i}`, { cause: long('c') }));
    const { metadata = {} } = await built(new AggregateError(errors, 'all'));
    const told = metadata['errors'] as Told[];
    const frames = told.flatMap(({ stackFrames, cause }) => [...stackFrames, ...(cause?.stackFrames ?? [])]);
    expect(places(told[0]?.stackFrames)?.[0]).toBe(MAPPED[0]);
    expect(frames).toHaveLength(100);
  });
});
