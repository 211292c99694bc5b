/** What applications import from the runtime by name, and what the build writes into them. */
import { expect, it } from 'vitest';
import * as runtime from '../../runtime/index.ts';

it('has what applications use by hand', () => {
  const names = [
    'ReplayStackClient',
    'createTraceId',
    'defineReplayStackConfig',
    'detectAuthMode',
    'installReplayStackProcessGuards',
    'maskSensitiveData',
    'parseStackTrace',
    'replayStackExpress',
    'replayStackFetch',
    'runWithReplayStackContext',
  ];
  for (const name of names) expect(runtime).toHaveProperty(name, expect.any(Function));
});

it('helps without a client', () => {
  expect(runtime.createTraceId()).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(runtime.detectAuthMode({ authorization: 'Bearer x' })).toEqual({ mode: 'bearer', scheme: 'Bearer' });
  expect(runtime.maskSensitiveData({ cvv: '1', n: 1 })).toEqual({ cvv: '[MASKED]', n: 1 });
  expect(runtime.parseStackTrace(new Error('x').stack ?? '')[0]).toMatchObject({
    fileName: expect.stringMatching(/index\.test\.ts$/),
  });
});
