import { expect, it } from 'vitest';
import { absoluteUrl } from '../../../runtime/adapters/node-url.ts';
import type { NodeRequest } from '../../../runtime/adapters/node-message.ts';

it.each([
  ['/orders?id=1', 'http://shop.example/orders?id=1'],
  // As it is sent to proxies.
  ['https://other.example/Orders', 'https://other.example/Orders'],
  ['HtTp://Other.example/Orders', 'http://Other.example/Orders'],
  ['lorem://other.example/Orders', 'http://other.example/Orders'],
])('%s is %s', (url, absolute) => {
  const request = { headers: { host: 'shop.example' } } as unknown as NodeRequest;
  expect(absoluteUrl(request, url)).toBe(absolute);
});

it.each([
  [{ host: 'shop.example', 'x-forwarded-proto': 'https, http' }, 'https://shop.example/'],
  [{ host: 'inner', 'x-forwarded-host': 'shop.example:8443, inner' }, 'http://shop.example:8443/'],
  [{ host: '[::1]:3000' }, 'http://[::1]:3000/'],
  [{ ':authority': 'shop.example', ':scheme': 'HTTPS' }, 'https://shop.example/'],
  [{}, 'http://localhost/'],
  // What is no protocol of the web, or no host, makes no URL.
  [{ host: 'shop.example', 'x-forwarded-proto': 'lorem' }, 'http://shop.example/'],
  [{ host: '%2Ftmp%2Fshop.socket' }, 'http://localhost/'],
  [{ host: 'shop.example', 'x-forwarded-host': 'a b' }, 'http://shop.example/'],
])('%j leads to %s', (headers, absolute) => {
  expect(absoluteUrl({ headers } as unknown as NodeRequest, '/')).toBe(absolute);
});
