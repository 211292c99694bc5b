/** The module that the plugin's option `runtime` names: bundled along by every bundler, and the source that wins. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, bundlerNames } from '../support/e2e-bundlers.ts';
import { outline } from '../support/e2e-event.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { startService } from '../support/e2e-service.ts';

const KEY = 'rs_live_from_the_module';
const plugin = { runtime: './replaystack.config.ts' };

let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver({ apiKey: KEY });
});

afterAll(() => receiver.close());

/** No API key of our own name is set: it comes from the module. What the module leaves out comes from here. */
function environment(): Record<string, string> {
  return {
    SHOP_KEY: KEY,
    REPLAYSTACK_ENDPOINT: receiver.url,
    REPLAYSTACK_SERVICE_NAME: 'from-the-environment',
    REPLAYSTACK_ENVIRONMENT: 'from-the-environment',
  };
}

/** Sends what the options decide on, and checks that they did. */
async function checkOptions(url: string, id: string, serviceName: string): Promise<void> {
  await fetch(`${url}/internal/status`, { headers: { 'x-request-id': `${id}-ignored` } });
  await fetch(`${url}/nothing`, { headers: { 'x-request-id': `${id}-unwanted` } });
  const pay = (amount: number): Promise<Response> =>
    fetch(`${url}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': `${id}-${amount}` },
      body: JSON.stringify({ amount, iban: 'DE89370400440532013000' }),
    });
  expect(await (await pay(5)).json()).toMatchObject({ secret: 'iban' });
  expect((await pay(500)).status).toBe(500);

  const event = await receiver.waitFor(({ traceId }) => traceId === `${id}-5`);
  expect(event).toMatchObject({
    endpoint: '/payments',
    requestPayload: { amount: 5, iban: '[MASKED]' },
    serviceName,
    environment: 'from-the-environment',
    appVersion: '1.0.0',
  });
  expect(event).not.toHaveProperty('responsePayload');
  expect(outline(event.breadcrumbs)).toContain('describeFields');
  const failure = await receiver.waitFor(({ traceId }) => traceId === `${id}-500`);
  expect(failure).toMatchObject({
    errorMessage: 'Too much',
    metadata: { trail: [{ arguments: { amount: 500, iban: '[MASKED]' } }, {}] },
  });
  const own = receiver.events.filter(({ traceId }) => traceId.startsWith(`${id}-`));
  expect(own.map(({ traceId }) => traceId)).toEqual([`${id}-5`, `${id}-500`]);
}

describe.each(bundlerNames)('%s bundles the module of options', (bundler) => {
  test.each(['esm', 'cjs'] as const)('into %s, wherever the import cycle is entered', async (format) => {
    const project = createProject('apps/configured');
    const entry = { server: 'src/server.ts', own: 'src/own-client.ts' };
    const { files, log } = await build(project, bundler, { entry, plugin, format, minify: false });
    expect(log).not.toMatch(/error|circular/i);
    expect(Object.keys(files)).toContain(`server.${format === 'esm' ? 'mjs' : 'cjs'}`);

    const check = async (name: string, serviceName: string): Promise<void> => {
      const file = project.path('dist', `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`);
      await using service = await startService(project.dir, [file], environment());
      await checkOptions(service.url, `${bundler}-${format}-${name}`, serviceName);
      expect(service.stderr()).not.toContain('[replaystack]');
    };
    await Promise.all([check('server', 'from-the-module'), check('own', 'from-the-code')]);
  });
});

describe.each(['runner', 'ssrLoadModule'])(
  "Vite's dev server loads the module of options by %s",
  (loader) => {
    test.each([
      ['server', 'from-the-module'],
      ['own-client', 'from-the-code'],
    ])('for %s', async (entry, serviceName) => {
      const project = createProject('apps/configured');
      const variables = { ...environment(), ENTRY: entry };
      await using service = await startService(project.dir, ['dev.mjs', loader], variables);
      await checkOptions(service.url, `dev-${loader}-${entry}`, serviceName);
    });
  },
);

test('a module that TypeScript made CommonJS of is understood as well', async () => {
  const project = createProject('apps/configured');
  project.edit('tsconfig.json', '"module": "ESNext"', '"module": "CommonJS"');
  project.edit(
    'tsconfig.json',
    '"moduleResolution": "bundler"',
    '"moduleResolution": "node10", "ignoreDeprecations": "6.0"',
  );
  const { file } = await build(project, 'webpack', { entry: 'src/server.ts', plugin });
  await using service = await startService(project.dir, [file], environment());
  await checkOptions(service.url, 'commonjs', 'from-the-module');
});

test('without an API key in the module or the environment everything is off', async () => {
  const project = createProject('apps/configured');
  const { file } = await build(project, 'esbuild', { entry: 'src/server.ts', plugin });
  const { SHOP_KEY: _, ...rest } = environment();
  await using service = await startService(project.dir, [file], rest);
  const { headers } = await fetch(`${service.url}/nothing`);
  expect(headers.has('x-trace-id')).toBe(false);
});

test.each(bundlerNames)('%s is told at once that there is no such module', async (bundler) => {
  const project: Project = createProject('apps/configured');
  const request = {
    entry: 'src/server.ts',
    plugin: { runtime: './replaystack.ts' },
    // It prints errors that it also throws.
    ...(bundler === 'esbuild' && { config: { logLevel: 'silent' } }),
  };
  await expect(build(project, bundler, request)).rejects.toThrow(/RS1010 `runtime` is \.\/replaystack\.ts/);
});
