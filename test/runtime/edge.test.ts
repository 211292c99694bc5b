/** The runtime as it is bundled for places that have web standards and nothing of Node. */
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import type { ReplayStackClient } from '../../runtime/client.ts';
import { startReceiver } from '../support/receiver.ts';

const runtime = fileURLToPath(new URL('../../runtime/', import.meta.url));

const WEB = {
  fetch,
  Headers,
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  AbortController,
  crypto,
  performance,
};
const TIMERS = { setTimeout, clearTimeout, setInterval, clearInterval, atob };

it('captures and delivers without process, Buffer and node builtins', async () => {
  const { outputFiles } = await build({
    entryPoints: [`${runtime}client.ts`],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    platform: 'browser',
    target: 'es2022',
    alias: {
      '#platform': `${runtime}platform/edge.ts`,
      'unplugin-replaystack/runtime/build': `${runtime}build.ts`,
    },
  });
  const code = outputFiles[0]?.text ?? '';
  expect(code).not.toMatch(/node:|undici/);
  const { ReplayStackClient: Client } = runInNewContext(`${code};exported`, { ...WEB, ...TIMERS }) as {
    ReplayStackClient: typeof ReplayStackClient;
  };
  await using receiver = await startReceiver();
  const client = new Client({ apiKey: 'k', endpoint: receiver.url });
  client.addBreadcrumb('step');
  await client.captureException(new TypeError('x'), { requestPayload: { password: 'p', text: 'ü' } });
  expect(await client.close()).toEqual({ pending: 0 });
  expect(receiver.accepted()).toMatchObject([
    {
      errorName: 'TypeError',
      environment: 'development',
      requestPayload: { password: '[MASKED]', text: 'ü' },
      breadcrumbs: [{ message: 'step' }],
    },
  ]);
});
