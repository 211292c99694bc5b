/** Astro's middleware, where an endpoint throws what is no error. Real applications are in test/frameworks. */
import { expect, it } from 'vitest';
import type { AstroContext } from '../../../runtime/adapters/astro.ts';
import { captureAstro } from '../../../runtime/adapters/astro.ts';
import { startRuntime } from '../../support/runtime.ts';

it.each([
  ['an answer', new Response('taken', { status: 409 })],
  ['a redirect of another framework', { status: 307, location: '/' }],
])('%s that is thrown is a failure, as Astro answers 500', async (_, thrown) => {
  await using test = await startRuntime();
  const request = new Request('https://shop.example.com/orders');
  const context: AstroContext = {
    request,
    url: new URL(request.url),
    routePattern: '/orders',
    isPrerendered: false,
    clientAddress: '192.0.2.1',
    cookies: { headers: () => [] },
  };
  const answered = captureAstro(context, () => Promise.reject(thrown));
  expect(await answered.catch((error: unknown) => error === thrown)).toBe(true);
  expect(await test.events()).toMatchObject([
    { status: 'failed', statusCode: 500, errorMessage: expect.any(String), metadata: { handled: false } },
  ]);
});
