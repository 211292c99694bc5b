import { describe, expect, it, onTestFinished } from 'vitest';
import { isControlFlow } from '../../../runtime/observe/control-flow.ts';

describe('what steers', () => {
  it.each<[string, unknown]>([
    ['a Response', new Response(null, { status: 302 })],
    ['a promise that suspends a rendering', Promise.resolve()],
    [
      'redirect() of Next.js',
      Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/x;307;' }),
    ],
    ['notFound() of Next.js', Object.assign(new Error('x'), { digest: 'NEXT_HTTP_ERROR_FALLBACK;404' })],
    ['a bail-out of prerendering', Object.assign(new Error('x'), { digest: 'DYNAMIC_SERVER_USAGE' })],
    ['redirect() of SvelteKit', { status: 303, location: '/login' }],
    ['an aborted request', new DOMException('aborted', 'AbortError')],
  ])('is %s', (_name, thrown) => expect(isControlFlow(thrown)).toBe(true));
});

describe('what fails', () => {
  const hostile = new Proxy(new Error('hostile'), {
    get() {
      throw new Error('trap');
    },
    getPrototypeOf() {
      throw new Error('trap');
    },
  });
  it.each<[string, unknown]>([
    ['an error', new Error('x')],
    ['an error with a digest of another kind', Object.assign(new Error('x'), { digest: '1234567' })],
    ['an error with a status', Object.assign(new Error('x'), { status: 404 })],
    ['an object with a location that is no redirect', { status: 200, location: '/x' }],
    ['a time-out', new DOMException('late', 'TimeoutError')],
    ['a text', 'redirect'],
    ['undefined', undefined],
    ['null', null],
    ['an object that cannot be looked at', hostile],
  ])('is %s', (_name, thrown) => expect(isControlFlow(thrown)).toBe(false));
});

it('does not have Node load fetch for the first error', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Response') as PropertyDescriptor;
  onTestFinished(() => void Object.defineProperty(globalThis, 'Response', own));
  let asked = 0;
  const get = (): unknown => (asked++, own.value);
  Object.defineProperty(globalThis, 'Response', { get, configurable: true });
  expect(isControlFlow(new Error('x'))).toBe(false);
  expect(asked).toBe(0);
});
