import { describe, expect, test } from 'vitest';
import { type ReplayStackPluginOptions, resolveOptions } from '../../../src/options/index.ts';
import type { Recogniser } from '../../../src/transform/frameworks/types.ts';

const names = { routes: ['express', 'fastify', 'hono', 'next'], jobs: ['bullmq', 'node-cron'] };

const restana: Recogniser = {
  name: 'restana',
  packages: ['restana'],
  factories: [{ export: 'default', by: 'call', app: true }],
  types: ['Restana'],
  methods: ['get', 'post', 'use'],
  chains: [],
  receivers: /^app$/,
  hooks: { app: 'restanaApp', handler: 'restanaHandler', from: 'replaystack-restana' },
};

/** The lines of the error, each without its prefix. None when the options are fine. */
function problems(options: unknown): string[] {
  try {
    resolveOptions(options, names);
    return [];
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    for (const line of lines) expect(line).toMatch(/^\[replaystack\] RS10\d\d /);
    return lines.map((line) => line.replace('[replaystack] ', ''));
  }
}

describe('defaults', () => {
  test('without options, everything that is safe is on', () => {
    const defaults = {
      enabled: true,
      client: false,
      routes: true,
      jobs: true,
      functions: { methods: true, captureErrors: true, captureArguments: true },
      recognisers: [],
      release: {},
      runtime: undefined,
      guards: true,
      sourcemap: undefined,
      report: undefined,
      summary: true,
      cache: true,
    };
    expect(resolveOptions(undefined, names)).toMatchObject(defaults);
    expect(resolveOptions({}, names)).toMatchObject(defaults);
    expect(resolveOptions({ routes: undefined, release: undefined }, names)).toMatchObject(defaults);
  });

  test.each([
    ['/app/src/index.ts', true],
    ['/app/src/page.tsx', true],
    ['/app/src/legacy.cjs', true],
    ['C:\\app\\src\\index.mts', true],
    ['/app/src/style.css', false],
    ['/app/src/Page.vue', false],
    ['/app/node_modules/hono/index.js', false],
    ['C:\\app\\node_modules\\hono\\index.js', false],
    ['/app/src/index.test.ts', false],
    ['/app/src/index.spec.mjs', false],
    ['/app/src/__tests__/index.ts', false],
    ['/app/src/env.d.ts', false],
    ['/app/src/env.d.cts', false],
    ['/app/src/attest.ts', true],
    ['/app/src/contest/index.ts', true],
    ['/app/src/orders.ts?tss-serverfn-split', true],
    ['/app/src/orders.ts?raw', false],
    ['/app/node_modules/@tanstack/react-start/dist/plugin/default-entry/server.ts', true],
    ['/app/node_modules/.pnpm/x/node_modules/@tanstack/solid-start/dist/default-entry/esm/server.js', true],
    ['/app/node_modules/@tanstack/react-start/dist/esm/server.js', false],
    ['/app/node_modules/.pnpm/x/node_modules/@tanstack/start-server-core/dist/esm/createServerRpc.js', true],
    ['/app/node_modules/@tanstack/start-server-core/dist/esm/createSsrRpc.js', false],
    ['/app/node_modules/@solidjs/start/dist/runtime/server-fns-runtime.js', true],
    ['/app/node_modules/@solidjs/start/dist/runtime/server-runtime.js', false],
    ['/app/node_modules/@tanstack/react-start/dist/plugin/default-entry/client.tsx', false],
  ])('%s: looked at? %s', (id, looked) => {
    const { include, exclude } = resolveOptions({}, names);
    const matches = (patterns: (string | RegExp)[]) =>
      patterns.some((pattern) => new RegExp(pattern).test(id));
    expect(matches(include) && !matches(exclude)).toBe(looked);
  });
});

test('every option in each of its forms is accepted', () => {
  const forms: ReplayStackPluginOptions[] = [
    { enabled: false, client: true, guards: false, summary: false },
    { include: 'src/**', exclude: /generated/ },
    { include: ['src/**', /\.ts$/], exclude: [] },
    { routes: false, jobs: false, functions: false },
    { routes: ['hono', 'express'], jobs: [], functions: true },
    { functions: {} },
    { functions: { methods: false, captureErrors: false, captureArguments: undefined } },
    { recognisers: [restana], routes: ['restana', 'hono'] },
    { release: { commitHash: 'a7f91c', appVersion: '1.0.0', serviceName: 'orders', environment: 'staging' } },
    { release: { commitHash: process.env.SURELY_NOT_SET, appVersion: '' } },
    { runtime: './src/replaystack.ts', report: 'replaystack.json' },
    { cache: false },
    { cache: '.cache/replaystack' },
    { sourcemap: true },
    { sourcemap: false },
    { sourcemap: 'inline' },
    { sourcemap: 'hidden' },
  ];
  for (const options of forms) expect(problems(options)).toEqual([]);
});

test('forms become one', () => {
  const options = { include: 'src/**', routes: false, jobs: ['bullmq'], functions: { methods: false } };
  expect(resolveOptions(options, names)).toMatchObject({
    include: ['src/**'],
    routes: [],
    jobs: ['bullmq'],
    functions: { methods: false, captureErrors: true, captureArguments: true },
  });
  expect(resolveOptions({ functions: false }, names).functions).toBe(false);
});

test('all problems are reported together', () => {
  const wrong = { rotues: true, enabled: 'yes', release: { commithash: 'a7f91c' }, jobs: ['bull'] };
  expect(problems(wrong).map((line) => line.slice(0, 6))).toEqual(['RS1001', 'RS1003', 'RS1001', 'RS1004']);
});

describe('unknown options', () => {
  test.each([
    [{ route: true }, 'RS1001 unknown option `route`. Did you mean `routes`?'],
    [{ sourceMap: true }, 'RS1001 unknown option `sourceMap`. Did you mean `sourcemap`?'],
    [{ recognizers: [] }, 'RS1001 unknown option `recognizers`. Did you mean `recognisers`?'],
    [
      { release: { commit: 'a7f91c', commithash: 'a7f91c' } },
      'RS1002 unknown option `release.commit`. The options here are `commitHash`, `appVersion`, `serviceName`, `environment`.',
      'RS1001 unknown option `release.commithash`. Did you mean `release.commitHash`?',
    ],
    [
      { functions: { method: true } },
      'RS1001 unknown option `functions.method`. Did you mean `functions.methods`?',
    ],
  ])('%j', (options, ...expected) => {
    expect(problems(options)).toEqual(expected);
  });

  test('with no name near, the known ones are listed', () => {
    const [line] = problems({ verbose: true });
    expect(line).toMatch(
      /^RS1002 unknown option `verbose`\. The options here are `enabled`, `include`, .*`cache`\.$/,
    );
  });

  test('names that every object inherits are unknown too', () => {
    expect(problems({ constructor: 1, toString: 1 })).toHaveLength(2);
    expect(problems(JSON.parse('{"__proto__": {"enabled": 1}}'))).toHaveLength(1);
  });
});

describe('wrong types: what was got, and what it takes', () => {
  test.each([
    [{ enabled: 'false' }, "RS1003 `enabled` is the string 'false'. It takes true or false."],
    [{ guards: null }, 'RS1003 `guards` is null. It takes true or false.'],
    [{ client: 1 }, 'RS1003 `client` is the number 1. It takes true or false.'],
    [
      { include: ['src/**', 4] },
      'RS1003 `include` is an array of string and number. It takes a glob pattern, a regular expression, or an array of them.',
    ],
    [
      { exclude: () => true },
      'RS1003 `exclude` is a function. It takes a glob pattern, a regular expression, or an array of them.',
    ],
    [{ routes: 'hono' }, "RS1003 `routes` is the string 'hono'. It takes true, false, or an array of names."],
    [{ jobs: [{}] }, 'RS1003 `jobs` is an array of object. It takes true, false, or an array of names.'],
    [
      { functions: ['methods'] },
      'RS1003 `functions` is an array of string. It takes true, false, or an object with `methods`, `captureErrors`, `captureArguments`.',
    ],
    [
      { functions: { methods: 'all' } },
      "RS1003 `functions.methods` is the string 'all'. It takes true or false.",
    ],
    [
      { recognisers: [{ label: 'ours' }] },
      'RS1003 `recognisers` is an array of object. It takes an array of recognisers, which are objects with a `name`.',
    ],
    [
      { release: 'v1.0.0' },
      "RS1003 `release` is the string 'v1.0.0'. It takes an object with `commitHash`, `appVersion`, `serviceName`, `environment`.",
    ],
    [{ release: { appVersion: 2 } }, 'RS1003 `release.appVersion` is the number 2. It takes a string.'],
    [{ runtime: '' }, 'RS1003 `runtime` is an empty string. It takes the path of a module.'],
    [{ report: true }, 'RS1003 `report` is true. It takes the path of a file.'],
    [
      { sourcemap: 'external' },
      "RS1003 `sourcemap` is the string 'external'. It takes true, false, 'hidden' or 'inline'.",
    ],
    [{ cache: {} }, 'RS1003 `cache` is an object. It takes true, false, or the path of a directory.'],
  ])('%j', (options, expected) => {
    expect(problems(options)).toEqual([expected]);
  });

  test.each([[null], ['routes'], [true], [[]], [/x/]])('the options themselves: %o', (options) => {
    expect(problems(options)).toEqual([
      expect.stringMatching(/^RS1003 `replaystack\(\)` is .*\. It takes an object\.$/),
    ]);
  });
});

describe('names in routes and jobs', () => {
  test.each([
    [{ routes: ['expres'] }, 'RS1004 `routes` holds an unknown name, `expres`. Did you mean `express`?'],
    [
      { jobs: ['bullmq', 'sidekiq'] },
      'RS1005 `jobs` holds an unknown name, `sidekiq`. The names are `bullmq`, `node-cron`.',
    ],
    [
      { recognisers: [{ name: 'ours' }], jobs: ['sidekiq'] },
      'RS1005 `jobs` holds an unknown name, `sidekiq`. The names are `bullmq`, `node-cron`, `ours`.',
    ],
  ])('%j', (options, expected) => {
    expect(problems(options)).toEqual([expected]);
  });
});

describe('options of the client', () => {
  test.each(['apiKey', 'api_key', 'REPLAYSTACK_API_KEY'])('%s would be written into the bundle', (name) => {
    expect(problems({ [name]: 'rs_live_123' })).toEqual([
      `RS1006 \`${name}\` may not be an option of the plugin: it would be written into the bundle. Remove it and set REPLAYSTACK_API_KEY where the application runs.`,
    ]);
  });

  test('a key that was put into the release is no better off', () => {
    const lines = problems({ release: { apiKey: 'rs_live_123' } });
    expect(lines).toEqual([expect.stringContaining('RS1006 `release.apiKey` may not')]);
    expect(lines.join('')).not.toContain('rs_live_123');
  });

  test.each([
    [
      { serviceName: 'orders' },
      'RS1007 `serviceName` describes the release. Write it as `release.serviceName`, or set REPLAYSTACK_SERVICE_NAME where the application runs.',
    ],
    [
      { commit_hash: 'a7f91c' },
      'RS1007 `commit_hash` describes the release. Write it as `release.commitHash`, or set REPLAYSTACK_COMMIT_HASH where the application runs.',
    ],
    [
      { maxPayloadSizeBytes: 1 },
      'RS1008 `maxPayloadSizeBytes` is an option of the client, which runs in the application and not in the build. Pass `maxPayloadSizeBytes` to defineReplayStackConfig in the module that `runtime` names, or set REPLAYSTACK_MAX_PAYLOAD_SIZE_BYTES where the application runs.',
    ],
    [
      { onError: () => {} },
      'RS1009 `onError` is an option of the client, which runs in the application and not in the build. Pass `onError` to defineReplayStackConfig in the module that `runtime` names.',
    ],
  ])('%j', (options, expected) => {
    expect(problems(options)).toEqual([expected]);
  });
});
