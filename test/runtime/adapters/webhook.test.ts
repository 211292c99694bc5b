/** Which requests are webhooks: by their path, or because a handler says so. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runWebRequest } from '../../../runtime/adapters/web.ts';
import { isWebhookPath, webhook } from '../../../runtime/adapters/webhook.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

async function typeOf(path: string, handle: () => void): Promise<unknown> {
  const exchange = { framework: 'test', sourceIp: undefined, requestBody: async () => undefined };
  await runWebRequest(new Request(`https://shop.example${path}`), exchange, async () => {
    await Promise.resolve();
    handle();
    return new Response('ok');
  });
  return (await test.events()).at(-1)?.eventType;
}

it.each(['/webhook', '/webhooks/stripe', '/api/github-webhook', '/v1/webhooks.json', '/WebHooks/x'])(
  '%s says so itself',
  async (path) => {
    expect(await typeOf(path, () => {})).toBe('webhook');
  },
);

it.each(['/', '/webhookery', '/hooks/useless', '/orders?from=webhook'])('%s does not', (path) => {
  expect(isWebhookPath(path.replace(/\?.*/, ''))).toBe(false);
});

it('a handler says so', async () => {
  expect(await typeOf('/orders', webhook)).toBe('webhook');
  expect(await typeOf('/orders', () => {})).toBe('api');
});

it('outside of requests nothing is said', () => {
  expect(webhook()).toBeUndefined();
});
