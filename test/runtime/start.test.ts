import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplayStackClient } from '../../runtime/client.ts';
import { enter } from '../../runtime/observe/hooks.ts';
import { activeClient } from '../../runtime/start.ts';
import { runtime } from '../../runtime/state.ts';
import { forgetClient } from '../support/runtime.ts';

beforeEach(() => {
  forgetClient();
  vi.stubEnv('REPLAYSTACK_API_KEY', '');
});

afterEach(async () => {
  await runtime().client?.close(0);
  vi.unstubAllEnvs();
});

describe('start-up from the environment', () => {
  it('happens at the first call that finds an API key', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    const client = activeClient();
    expect(client?.options.apiKey).toBe('rs_env');
    expect(activeClient()).toBe(client);
    expect(runtime().client).toBe(client);
  });

  it('does not happen without one', () => {
    for (let call = 0; call < 100; call++) expect(activeClient()).toBeUndefined();
    expect(enter('src/x.ts:1:f')).toBeUndefined();
    expect(runtime().client).toBeUndefined();
  });

  it.each([
    ['Next.js', 'NEXT_PHASE', 'phase-production-build'],
    ['TanStack Start', 'TSS_PRERENDERING', 'true'],
  ])('does not happen while %s renders in advance what is static', (_, variable, value) => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    vi.stubEnv(variable, value);
    expect(activeClient()).toBeUndefined();
  });

  it('asks the environment at the 1st, 2nd, 4th, 8th … call alone', () => {
    const asked: number[] = [];
    const environment = process.env;
    vi.spyOn(process, 'env', 'get').mockImplementation(() => {
      asked.push(runtime().misses);
      return environment;
    });
    for (let call = 0; call < 40; call++) activeClient();
    vi.restoreAllMocks();
    expect(asked).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('happens when the application reads its .env file only after the first calls', () => {
    for (let call = 0; call < 5; call++) activeClient();
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_late');
    const found = Array.from({ length: 4 }, () => activeClient()?.options.apiKey);
    expect(found).toEqual([undefined, undefined, 'rs_late', 'rs_late']);
  });

  it.each(['false', '0', 'off', ''])('leaves everything off with REPLAYSTACK_ENABLED=%s', (value) => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    vi.stubEnv('REPLAYSTACK_ENABLED', value);
    vi.stubEnv('REPLAYSTACK_FLUSH_INTERVAL_MS', '10');
    const timers = vi.spyOn(globalThis, 'setInterval');
    const guarded = runtime().guards?.all.size;
    for (let call = 0; call < 100; call++) expect(activeClient()).toBeUndefined();
    expect(enter('src/x.ts:1:f')).toBeUndefined();
    expect(runtime().guards?.all.size).toBe(guarded);
    // The client was made once, and not again and again.
    expect(timers.mock.calls.length).toBeLessThanOrEqual(1);
    vi.restoreAllMocks();
  });

  it('does not fail over an environment that cannot be read', () => {
    vi.spyOn(process, 'env', 'get').mockImplementation(() => {
      throw new Error('no environment');
    });
    expect(activeClient()).toBeUndefined();
    vi.restoreAllMocks();
  });
});

describe('a client that the application makes', () => {
  it('is the one that hooks report to, even after one from the environment', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    activeClient();
    const client = new ReplayStackClient({ apiKey: 'rs_own' });
    expect(activeClient()).toBe(client);
    expect(enter('src/x.ts:1:f')?.ring).toBe(client.trail);
  });

  it('switches the hooks off when it is not enabled', () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    void new ReplayStackClient({ enabled: false });
    expect(activeClient()).toBeUndefined();
  });

  it('is no more after close, and none is made in its place', async () => {
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    const client = new ReplayStackClient();
    await client.close();
    for (let call = 0; call < 20; call++) expect(activeClient()).toBeUndefined();
    const next = new ReplayStackClient();
    expect(activeClient()).toBe(next);
    await client.close();
    expect(activeClient()).toBe(next);
  });
});
