/** What a hook may cost: it asks one clock, and that once. */
import { afterAll, expect, it, vi } from 'vitest';
import type { Call } from '../../../runtime/observe/breadcrumbs.ts';
import * as clock from '../../../runtime/clock.ts';
import { done, enter, exit, fail, leave, settle } from '../../../runtime/observe/hooks.ts';
import { startRuntime } from '../../support/runtime.ts';

vi.mock('../../../runtime/clock.ts', { spy: true });
afterAll(() => void vi.restoreAllMocks());

it('asks for the time once at most, whichever hook it is', async () => {
  await using _ = await startRuntime();
  const clocks = [vi.spyOn(Date, 'now'), vi.mocked(clock.now), vi.mocked(clock.epochOffset)];
  const asked = (hook: () => unknown): number => {
    clocks.forEach((one) => one.mockClear());
    hook();
    return clocks.reduce((sum, one) => sum + one.mock.calls.length, 0);
  };
  let call: Call | undefined;
  expect(asked(() => (call = enter('src/x.ts:1:f')))).toBe(1);
  expect(asked(() => settle(call, 1, {}))).toBe(0);
  expect(asked(() => fail(call, new Error('x'), {}))).toBe(0);
  expect(asked(() => exit(call))).toBe(1);
  expect(asked(() => (call = enter('src/x.ts:2:g')))).toBe(1);
  expect(asked(() => done(call))).toBe(0);
  expect(asked(() => leave(call))).toBe(1);
});
