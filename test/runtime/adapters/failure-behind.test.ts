/** Which error an answer is about, where nobody told of a failure. */
import { describe, expect, it } from 'vitest';
import { failureBehind } from '../../../runtime/adapters/failure-behind.ts';
import { passageOf } from '../../../runtime/observe/trail.ts';
import { createScope } from '../../../runtime/scope.ts';

const bug = new Error('a bug');
const refusal = new Error('not for you');

const nameOf = (statusCode: number | undefined, known: { thrown?: Error; refusal?: Error }): unknown => {
  const scope = createScope('a', 5);
  if (known.thrown) scope.thrown = { error: known.thrown, passage: passageOf(known.thrown, scope.trail) };
  scope.refusal = known.refusal;
  const failure = failureBehind(statusCode === undefined ? {} : { statusCode }, scope);
  return failure && [failure.error, failure.handled];
};

describe('an answer', () => {
  it('that is the fault of the server is about what an observed function threw', () => {
    expect(nameOf(500, { thrown: bug })).toEqual([bug, true]);
    expect(nameOf(500, { thrown: bug, refusal })).toEqual([bug, true]);
    expect(nameOf(404, { thrown: bug })).toBeUndefined();
  });

  it('that refuses is about what was meant for the client', () => {
    expect(nameOf(404, { thrown: bug, refusal })).toEqual([refusal, false]);
    expect(nameOf(503, { refusal })).toEqual([refusal, false]);
    expect(nameOf(207, { refusal })).toBeUndefined();
    expect(nameOf(undefined, { refusal })).toBeUndefined();
  });
});
