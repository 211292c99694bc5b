import { expect, it } from 'vitest';
import { absoluteUrl } from '../../../runtime/adapters/node-url.ts';
import type { NodeRequest } from '../../../runtime/adapters/node-message.ts';

it.each([
  ['/orders?id=1', 'http://shop.example/orders?id=1'],
  // As it is sent to proxies.
  ['https://other.example/Orders', 'https://other.example/Orders'],
  ['HtTp://Other.example/Orders', 'http://Other.example/Orders'],
])('%s is %s', (url, absolute) => {
  const request = { headers: { host: 'shop.example' } } as unknown as NodeRequest;
  expect(absoluteUrl(request, url)).toBe(absolute);
});
