import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../runtime/event/body.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const BINARY = { captured: false, reason: 'Binary body not captured' };

describe('decodeBody', () => {
  it.each([
    ['JSON', '{"a":[1]}', 'application/json; charset=utf-8', { a: [1] }],
    ['JSON of a vendor', '{"a":1}', 'application/vnd.api+json', { a: 1 }],
    ['JSON that is no object', 'null', 'application/json', null],
    ['broken JSON', '{"a":', 'application/json', '{"a":'],
    [
      'a form',
      'a=1&b=x+y&c=%20&a=2',
      'application/x-www-form-urlencoded',
      { a: ['1', '2'], b: 'x y', c: ' ' },
    ],
    ['text', 'hello', 'text/plain', 'hello'],
    ['text that looks like JSON', '{"a":1}', 'text/plain', '{"a":1}'],
    ['XML', '<a/>', 'application/soap+xml', '<a/>'],
    ['an image', 'xyz', 'image/png', BINARY],
    ['a multipart form', '--x', 'multipart/form-data; boundary=x', BINARY],
    ['JSON without a content type', ' {"a":1}', undefined, { a: 1 }],
    ['text without a content type', '12', undefined, '12'],
  ])('makes a value of %s', (_, body, contentType, expected) => {
    expect(decodeBody(body, contentType)).toEqual(expected);
    expect(decodeBody(bytes(body), contentType)).toEqual(expected);
  });

  it('decodes bytes by their charset', () => {
    expect(decodeBody(Uint8Array.of(0xe9), 'text/plain; charset=iso-8859-1')).toBe('é');
  });

  it('tells binary data from text', () => {
    expect(decodeBody(Uint8Array.of(0xff, 0xfe, 0x01), 'application/json')).toEqual(BINARY);
    expect(decodeBody(Uint8Array.of(1, 0, 2))).toEqual(BINARY);
    expect(decodeBody(Uint8Array.of(0xe9), 'text/plain; charset=nonsense')).toEqual(BINARY);
  });

  it('gives a form field any name', () => {
    const form = decodeBody('__proto__=1&toString=2', 'application/x-www-form-urlencoded');
    expect(JSON.stringify(form)).toBe('{"__proto__":"1","toString":"2"}');
  });
});
