/** Bodies that h3 1 does not keep when it reads them. */
import * as h3 from 'h3-1';
import { expect, it } from 'vitest';
import { h3App } from '../../../runtime/adapters/h3.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

const fields = { item: 'tea', password: 'SECRET' };
const masked = { item: 'tea', password: '[MASKED]' };

const formData = (): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

it.each<[string, h3.EventHandler, BodyInit, unknown]>([
  [
    'a form',
    async (event) => (await h3.readFormData(event)).get('item'),
    new URLSearchParams(fields),
    masked,
  ],
  [
    'a form in parts',
    async (event) => (await h3.readFormData(event)).get('item'),
    formData(),
    { captured: false, reason: 'Binary body not captured' },
  ],
  [
    'a stream',
    async (event) => {
      const stream = h3.getRequestWebStream(event) as ReadableStream<Uint8Array>;
      return (JSON.parse(await new Response(stream).text()) as typeof fields).item;
    },
    JSON.stringify(fields),
    masked,
  ],
  [
    'a text',
    async (event) => (/tea/.exec((await h3.readRawBody(event)) ?? '') ?? [])[0],
    JSON.stringify(fields),
    masked,
  ],
  ['what nobody reads', () => 'tea', JSON.stringify(fields), undefined],
])('is recorded: %s', async (_, handler, body, expected) => {
  await using test = await startRuntime();
  const inner = h3App(h3.createApp());
  inner.use(h3.defineEventHandler(handler));
  const app = h3App(h3.createApp());
  app.use('/orders', inner.handler);
  await using server = await startServer(h3.toNodeListener(app));
  const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const answer = await fetch(`${server.url}/orders`, { method: 'POST', body, headers });
  expect(await answer.text()).toBe('tea');
  const [event] = await test.events();
  expect(event?.requestPayload).toEqual(expected);
});
