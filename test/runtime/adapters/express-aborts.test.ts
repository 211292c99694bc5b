/** Many clients that leave at different times: each request is one event, no more and no less. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { expressApp, expressHandler } from '../../../runtime/adapters/express.ts';
import { express5 } from '../../support/express.ts';
import { startRuntime } from '../../support/runtime.ts';
import { startServer } from '../../support/server.ts';

const CLIENTS = 20;

/** Sends a request, or the beginning of one. */
async function send(url: string, line: string, traceId: string, body = '', length = 0): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const headers = `host: localhost\r\nx-trace-id: ${traceId}\r\ncontent-type: application/json`;
  socket.write(`${line} HTTP/1.1\r\n${headers}\r\ncontent-length: ${length}\r\n\r\n${body}`);
  return socket;
}

it.each([
  ['before the body has arrived', 'POST /body', '{"sku":', 1000, { status: 'warning', statusCode: 400 }],
  ['while the handler runs', 'GET /held', '', 0, { status: 'warning', metadata: { aborted: true } }],
  ['in the middle of the answer', 'GET /pieces', '', 0, { statusCode: 200, metadata: { aborted: true } }],
])('clients that leave %s', async (_, line, body, length, seen) => {
  await using test = await startRuntime();
  const app = expressApp(express5());
  let arrived = 0;
  app.use((_request, _response, next) => {
    arrived++;
    next();
  });
  app.use(expressHandler(app, express5.json()));
  const handlers: Record<string, RequestHandler> = {
    '/held': () => {},
    '/pieces': (_request, response) => void response.write('one'),
  };
  for (const [path, handler] of Object.entries(handlers)) app.get(path, expressHandler(app, handler));
  await using server = await startServer(app);

  const ids = Array.from({ length: CLIENTS }, (_, index) => `left-${index}`);
  const sockets = await Promise.all(ids.map((id) => send(server.url, line, id, body, length)));
  if (line.endsWith('/pieces')) await Promise.all(sockets.map((socket) => once(socket, 'data')));
  await expect.poll(() => arrived).toBe(CLIENTS);
  for (const socket of sockets) socket.destroy();
  await server.idle();
  const events = await test.events();
  expect(events.map(({ traceId }) => traceId).sort()).toEqual([...ids].sort());
  for (const event of events) expect(event).toMatchObject(seen);
  expect(await test.events()).toHaveLength(CLIENTS);
  expect(test.errors).toEqual([]);
});
