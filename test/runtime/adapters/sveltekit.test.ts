/** Hooks of SvelteKit's, on servers that the application in test/frameworks does not have. */
import { afterEach, beforeEach, expect, it, test as check } from 'vitest';
import { svelteKitOptions } from '../../../runtime/adapters/sveltekit.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

let test: TestRuntime;

beforeEach(async () => void (test = await startRuntime()));
afterEach(() => test[Symbol.asyncDispose]());

type Handle = (input: { event: object }) => unknown;

/** Calls the hook `handle` as SvelteKit does. */
async function visit(
  handle: Handle,
  getClientAddress: () => string | null = () => '192.0.2.1',
): Promise<void> {
  const hooks = { handle, handleError: () => {} };
  Object.assign(svelteKitOptions('', '', { hooks: undefined as unknown }), { hooks });
  const request = new Request('https://shop.example.com/tea');
  await hooks.handle({ event: { request, route: { id: null }, getClientAddress } });
}

it.each([
  ['is known', () => '192.0.2.1', '192.0.2.1'],
  ['is null, as it is on Vercel where nobody told it', () => null, undefined],
  [
    'cannot be told',
    () => {
      throw new Error('No address');
    },
    undefined,
  ],
])("a client's address that %s", async (_, getClientAddress, sourceIp) => {
  await visit(async () => new Response('tea'), getClientAddress);
  const events = await test.events();
  expect(events).toMatchObject([{ statusCode: 200 }]);
  expect(events[0]?.sourceIp).toBe(sourceIp);
});

check('what is rendered in advance has no event', async () => {
  await visit(
    async () => new Response('tea'),
    () => {
      throw new Error('Cannot read clientAddress during prerendering');
    },
  );
  expect(await test.events()).toEqual([]);
});

/** What is thrown in the hook, and what SvelteKit makes of it. */
const refused = { status: 418, body: { message: 'A teapot' } };
const closed = { status: 503, body: { message: 'Closed' } };
const away = { status: 307, location: '/coffee' };
const bug = Object.assign(new RangeError('No tea'), { status: 404 });
const answer = new Response('no tea', { status: 409 });
class Hostile {
  get status(): never {
    throw new Error('No status');
  }
}

it.each([
  ['error() of the client', refused, { status: 'warning', statusCode: 418 }, undefined],
  ['error() of the server', closed, { status: 'failed', statusCode: 503 }, false],
  ['redirect()', away, { status: 'success', statusCode: 307 }, undefined],
  ['a bug', bug, { status: 'failed', statusCode: 500, errorName: 'RangeError' }, false],
  ['an answer, which SvelteKit does not take', answer, { status: 'failed', statusCode: 500 }, false],
  ['what does not let itself be looked at', new Hostile(), { status: 'failed', statusCode: 500 }, false],
])('%s', async (_, thrown, expected, handled) => {
  const visited = visit(() => Promise.reject(thrown));
  expect(await visited.catch((error: unknown) => error === thrown)).toBe(true);
  const [event] = await test.events();
  expect(event).toMatchObject(expected);
  expect(event?.metadata?.['handled']).toBe(handled);
});
