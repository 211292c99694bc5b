/** The module of options, as the build hands it to the runtime: which source wins when the client starts by itself. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplayStackClient } from '../../../runtime/client.ts';
import { defineReplayStackConfig } from '../../../runtime/options/define-config.ts';
import type { BuildInfo } from '../../../runtime/protocol.ts';
import { activeClient } from '../../../runtime/start.ts';
import { runtime } from '../../../runtime/state.ts';
import { forgetClient } from '../../support/runtime.ts';
import { build } from 'unplugin-replaystack/runtime/build';

/** What the build would have written. */
function exportOptions(options: () => object): void {
  Object.defineProperty(build, 'options', { get: options, configurable: true });
}

beforeEach(() => {
  forgetClient();
  vi.stubEnv('REPLAYSTACK_API_KEY', '');
});

afterEach(async () => {
  await runtime().client?.close(0);
  delete (build as { options?: BuildInfo['options'] }).options;
  vi.unstubAllEnvs();
});

describe('the module of options', () => {
  it('wins over the environment, which wins over the defaults', () => {
    const config = { apiKey: 'rs_module', serviceName: 'module', retries: 4 };
    expect(defineReplayStackConfig(config)).toBe(config);
    exportOptions(() => config);
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    vi.stubEnv('REPLAYSTACK_SERVICE_NAME', 'environment');
    vi.stubEnv('REPLAYSTACK_TIMEOUT_MS', '7');
    expect(activeClient()?.options).toMatchObject({
      apiKey: 'rs_module',
      serviceName: 'module',
      retries: 4,
      timeoutMs: 7,
      captureSuccess: true,
    });
  });

  it('need not have the API key, and does not stand in for it', () => {
    exportOptions(() => ({ serviceName: 'module' }));
    for (let call = 0; call < 20; call++) expect(activeClient()).toBeUndefined();
    vi.stubEnv('REPLAYSTACK_API_KEY', 'rs_env');
    forgetClient();
    expect(activeClient()?.options).toMatchObject({ apiKey: 'rs_env', serviceName: 'module' });
  });

  it('is asked again, as the environment is: by a getter it can read what is loaded later', () => {
    let key: string | undefined;
    exportOptions(() => ({
      get apiKey() {
        return key;
      },
    }));
    expect(activeClient()).toBeUndefined();
    key = 'rs_late';
    expect(activeClient()?.options.apiKey).toBe('rs_late');
  });

  it('may not have been evaluated yet', () => {
    exportOptions(() => {
      throw new ReferenceError("Cannot access 'options' before initialization");
    });
    expect(activeClient()).toBeUndefined();
    exportOptions(() => ({ apiKey: 'rs_module' }));
    expect(activeClient()?.options.apiKey).toBe('rs_module');
  });

  it('is that of the client that starts by itself, not of one that the application makes', () => {
    exportOptions(() => ({ apiKey: 'rs_module', serviceName: 'module' }));
    const client = new ReplayStackClient({ apiKey: 'rs_own' });
    expect(client.options.serviceName).toBeUndefined();
  });
});

describe('bindings that the platform hands to a handler', () => {
  it('are an environment where the process has none', () => {
    exportOptions(() => ({ serviceName: 'module' }));
    for (let call = 0; call < 5; call++) activeClient({ KV: {} });
    const bindings = {
      REPLAYSTACK_API_KEY: 'rs_binding',
      REPLAYSTACK_RETRIES: '3',
      REPLAYSTACK_SERVICE_NAME: 'x',
      KV: {},
    };
    expect(activeClient(bindings)?.options).toMatchObject({
      apiKey: 'rs_binding',
      retries: 3,
      serviceName: 'module',
    });
    expect(activeClient()?.options.apiKey).toBe('rs_binding');
  });

  it.each([[undefined], [null], ['text'], [{ REPLAYSTACK_API_KEY: 7 }], [{ REPLAYSTACK_API_KEY: '' }]])(
    'may be %j',
    (bindings) => expect(activeClient(bindings)).toBeUndefined(),
  );
});
