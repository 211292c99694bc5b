/** A visit that is full of secrets: they are sent in headers and a body, and come back in a body and a cookie. */
import { expect } from 'vitest';
import type { Receiver } from '../../src/receiver/index.ts';
import { MASKED } from './e2e-event.ts';
import { send } from './e2e-http.ts';

export interface SessionCase {
  /** A name and a password are sent by POST; back come that name, a token and the cookie `session`. */
  path: string;
  /** What the event's metadata has. */
  metadata: object;
  /** What is sent, for what takes more than these two. @default both, as JSON */
  body?: unknown;
  /** What the event has of the bodies. @default all, but for the password and the token */
  payloads?: { requestPayload?: unknown; responsePayload?: unknown };
}

const SECRETS = /hunter2|of-the-(?:caller|cookie|key|server)/;

/** Sends the visit to an application, and to what it is without the plugin. */
export async function checkSession(
  { path, metadata, body = { name: 'Ada', password: 'hunter2' }, payloads }: SessionCase,
  { service, without, receiver }: { service: { url: string }; without: { url: string }; receiver: Receiver },
): Promise<void> {
  const id = `session-${path}`;
  const headers = {
    authorization: 'Bearer of-the-caller',
    cookie: 'session=of-the-cookie',
    'x-api-key': 'of-the-key',
    'x-trace-id': id,
  };
  const call = { method: 'POST', path, headers, body };
  const [answer, other] = [await send(service.url, call), await send(without.url, call)];
  const { 'x-trace-id': traceId, ...answered } = answer.headers;
  expect([answer.status, answer.body, Object.keys(answered)]).toEqual([
    200,
    other.body,
    Object.keys(other.headers),
  ]);
  expect(answer.body).toContain('of-the-server');
  expect(String(answered['set-cookie'])).toContain('session=of-the-server');
  expect(traceId).toBe(id);
  const event = await receiver.waitFor((one) => one.traceId === id);
  expect(event).toMatchObject({
    authMode: 'bearer',
    authScheme: 'Bearer',
    requestHeaders: { authorization: MASKED, cookie: `session=${MASKED}`, 'x-api-key': MASKED },
    requestPayload: { name: 'Ada', password: MASKED },
    responsePayload: { name: 'Ada', token: MASKED },
    ...payloads,
    metadata,
  });
  expect(String(event.responseHeaders?.['set-cookie'])).toContain(`session=${MASKED}`);
  expect(JSON.stringify(event)).not.toMatch(SECRETS);
}
