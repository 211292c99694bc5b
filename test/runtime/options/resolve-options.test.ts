import { afterEach, describe, expect, it } from 'vitest';
import { build } from 'unplugin-replaystack/runtime/build';
import type { ClientOptions } from '../../../runtime/options/resolve-options.ts';
import { resolveOptions } from '../../../runtime/options/resolve-options.ts';

const { release } = build;

afterEach(() => {
  for (const name of Object.keys(release)) delete release[name as keyof typeof release];
});

describe('defaults', () => {
  it('are those of the contract', () => {
    const { options, problems } = resolveOptions({ apiKey: 'k' }, {});
    expect(problems).toEqual([]);
    expect(options).toEqual({
      apiKey: 'k',
      endpoint: 'https://api.replaystack.co',
      ingestUrl: 'https://api.replaystack.co/api/v1/ingest/events',
      environment: 'development',
      enabled: true,
      timeoutMs: 2500,
      retries: 1,
      sampleRate: 1,
      captureSuccess: true,
      maxPayloadSizeBytes: 524_288,
      maskFields: [],
      remoteMaskingRules: { fields: [] },
      maskPatterns: true,
      ignoredPaths: [],
      maxBreadcrumbs: 50,
      captureOutbound: true,
      propagate: [],
      captureLogs: true,
      logLevel: 'error',
      captureConsole: false,
      maxLogs: 50,
      offlineQueueMax: 100,
      offlineQueueMaxBytes: 16_777_216,
      spoolMaxBytes: 67_108_864,
      flushIntervalMs: 0,
      batchFlushIntervalMs: 0,
      batchMaxEvents: 20,
      compression: false,
      shutdownTimeoutMs: 2000,
      asyncSend: true,
      raiseOnError: false,
      captureRequestBody: true,
      captureResponseBody: true,
      captureHeaders: true,
    });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it('have no API key', () => {
    expect(resolveOptions({}, {}).options.apiKey).toBeUndefined();
  });

  it('leave the environment to NODE_ENV', () => {
    expect(resolveOptions({}, { NODE_ENV: 'production' }).options.environment).toBe('production');
  });
});

describe('sources', () => {
  it('are the code, then the environment, then the build, then the default', () => {
    const sources: [ClientOptions, Record<string, string>, string | undefined][] = [];
    release.appVersion = '3';
    sources.push([{ appVersion: '1' }, { REPLAYSTACK_APP_VERSION: '2', APP_VERSION: '4' }, '1']);
    sources.push([{ appVersion: undefined }, { REPLAYSTACK_APP_VERSION: '2', APP_VERSION: '4' }, '2']);
    sources.push([{}, { APP_VERSION: '4' }, '4'], [{}, {}, '3']);
    for (const [given, environment, expected] of sources) {
      expect(resolveOptions(given, environment).options.appVersion).toBe(expected);
    }
  });

  it('of the release are all filled by the build', () => {
    Object.assign(release, { appVersion: '1', commitHash: 'c', serviceName: 's', environment: 'e' });
    const environment = { NODE_ENV: 'production', REPLAYSTACK_SERVICE_NAME: 't', COMMIT_HASH: 'd' };
    expect(resolveOptions({}, environment).options).toMatchObject({
      appVersion: '1',
      commitHash: 'd',
      serviceName: 't',
      environment: 'e',
    });
  });

  it.each<[string, string, keyof ClientOptions, unknown]>([
    ['REPLAYSTACK_API_KEY', ' k ', 'apiKey', 'k'],
    ['REPLAYSTACK_ENDPOINT', 'http://localhost:1/base/', 'endpoint', 'http://localhost:1/base'],
    ['REPLAYSTACK_INGEST_URL', 'http://localhost:1/in', 'ingestUrl', 'http://localhost:1/in'],
    ['REPLAYSTACK_SERVICE_NAME', 's', 'serviceName', 's'],
    ['REPLAYSTACK_ENVIRONMENT', 'staging', 'environment', 'staging'],
    ['REPLAYSTACK_APP_VERSION', '1', 'appVersion', '1'],
    ['REPLAYSTACK_COMMIT_HASH', 'c', 'commitHash', 'c'],
    ['COMMIT_HASH', 'c', 'commitHash', 'c'],
    ['REPLAYSTACK_ENABLED', 'false', 'enabled', false],
    ['REPLAYSTACK_TIMEOUT_MS', '10', 'timeoutMs', 10],
    ['REPLAYSTACK_RETRIES', '0', 'retries', 0],
    ['REPLAYSTACK_SAMPLE_RATE', '0.25', 'sampleRate', 0.25],
    ['REPLAYSTACK_CAPTURE_SUCCESS', '', 'captureSuccess', false],
    ['REPLAYSTACK_MAX_PAYLOAD_SIZE_BYTES', '1000', 'maxPayloadSizeBytes', 1000],
    ['REPLAYSTACK_MASK_FIELDS', 'ssn, tax_id,', 'maskFields', ['ssn', 'tax_id']],
    ['REPLAYSTACK_MASK_PATTERNS', '0', 'maskPatterns', false],
    ['REPLAYSTACK_IGNORED_PATHS', '/a,/b*', 'ignoredPaths', ['/a', '/b*']],
    ['REPLAYSTACK_MAX_BREADCRUMBS', '3', 'maxBreadcrumbs', 3],
    ['REPLAYSTACK_OFFLINE_QUEUE_MAX', '7', 'offlineQueueMax', 7],
    ['REPLAYSTACK_OFFLINE_QUEUE_MAX_BYTES', '70', 'offlineQueueMaxBytes', 70],
    ['REPLAYSTACK_SPOOL_DIR', 'spool', 'spoolDir', 'spool'],
    ['REPLAYSTACK_SPOOL_MAX_BYTES', '1000', 'spoolMaxBytes', 1000],
    ['REPLAYSTACK_FLUSH_INTERVAL_MS', '50', 'flushIntervalMs', 50],
    ['REPLAYSTACK_BATCH_FLUSH_INTERVAL_MS', '60', 'batchFlushIntervalMs', 60],
    ['REPLAYSTACK_BATCH_MAX_EVENTS', '500', 'batchMaxEvents', 100],
    ['REPLAYSTACK_COMPRESSION', 'true', 'compression', true],
    ['REPLAYSTACK_SHUTDOWN_TIMEOUT_MS', '500', 'shutdownTimeoutMs', 500],
    ['REPLAYSTACK_CAPTURE_LOGS', 'off', 'captureLogs', false],
    ['REPLAYSTACK_LOG_LEVEL', 'Warning', 'logLevel', 'warning'],
    ['REPLAYSTACK_LOG_LEVEL', 'warn', 'logLevel', 'warning'],
    ['REPLAYSTACK_MAX_LOGS', '4', 'maxLogs', 4],
  ])('%s=%s', (variable, value, option, expected) => {
    const { options, problems } = resolveOptions({}, { [variable]: value });
    expect(options[option]).toEqual(expected);
    expect(problems).toEqual([]);
  });

  it.each(['0', 'false', 'no', 'off', '', 'FALSE', ' Off '])('%j is false', (value) => {
    expect(resolveOptions({}, { REPLAYSTACK_ENABLED: value }).options.enabled).toBe(false);
  });

  it.each(['1', 'true', 'yes', 'on'])('%j is true', (value) => {
    expect(resolveOptions({}, { REPLAYSTACK_CAPTURE_SUCCESS: value }).options.captureSuccess).toBe(true);
  });

  it('for what only code can say are not in the environment', () => {
    const environment = { REPLAYSTACK_ASYNC_SEND: 'false', REPLAYSTACK_RAISE_ON_ERROR: 'true' };
    expect(resolveOptions({}, environment).options).toMatchObject({ asyncSend: true, raiseOnError: false });
  });
});

describe('what does not fit', () => {
  it.each<[ClientOptions | Record<string, unknown>, Record<string, string>, string, unknown]>([
    [{}, { REPLAYSTACK_RETRIES: 'abc' }, 'retries', 1],
    [{ retries: -1 }, { REPLAYSTACK_RETRIES: '5' }, 'retries', 5],
    [{ retries: NaN }, {}, 'retries', 1],
    [{ timeoutMs: 0 }, {}, 'timeoutMs', 2500],
    [{}, { REPLAYSTACK_SAMPLE_RATE: '50' }, 'sampleRate', 1],
    [{}, { REPLAYSTACK_ENDPOINT: 'api.replaystack.co' }, 'endpoint', 'https://api.replaystack.co'],
    [{ logLevel: 'loud' }, {}, 'logLevel', 'error'],
    [{ maskFields: 1 }, {}, 'maskFields', []],
    [{ onError: 'x' }, {}, 'onError', undefined],
  ])('%j %j is told once, and the next source is used', (given, environment, option, expected) => {
    const { options, problems } = resolveOptions(given as ClientOptions, environment);
    expect(options[option as keyof ClientOptions]).toEqual(expected);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/RETRIES|SAMPLE|ENDPOINT|option `/);
  });

  it('is told of unknown options', () => {
    expect(resolveOptions({ retrys: 1 } as ClientOptions, {}).problems).toEqual(['Unknown option `retrys`.']);
  });

  it('does not name the value, which may be a secret', () => {
    const { problems } = resolveOptions({ endpoint: 'sk_live_1' }, {});
    expect(problems.join()).not.toContain('sk_live');
  });

  it('bounds what timers and counters can take', () => {
    const { options } = resolveOptions({ flushIntervalMs: 1e15, offlineQueueMax: Infinity }, {});
    expect(options).toMatchObject({ flushIntervalMs: 2 ** 31 - 1, offlineQueueMax: 2 ** 31 - 1 });
  });
});
