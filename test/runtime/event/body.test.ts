import { describe, expect, it } from 'vitest';
import { createBodyWriter } from '../../../runtime/event/body.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';

const write = createBodyWriter(createMasker([], true), 10_000);

function written(body: string | Uint8Array, contentType?: string): unknown {
  return JSON.parse(write(body, { 'content-type': contentType }) ?? '');
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const BINARY = { captured: false, reason: 'Binary body not captured' };

describe('A body', () => {
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
  ])('may be %s', (_, body, contentType, expected) => {
    expect(written(body, contentType)).toEqual(expected);
    expect(written(bytes(body), contentType)).toEqual(expected);
  });

  it('decodes bytes by their charset', () => {
    expect(written(Uint8Array.of(0xe9), 'text/plain; charset=iso-8859-1')).toBe('é');
  });

  it('tells binary data from text', () => {
    expect(written(Uint8Array.of(0xff, 0xfe, 0x01), 'application/json')).toEqual(BINARY);
    expect(written(Uint8Array.of(1, 0, 2))).toEqual(BINARY);
    expect(written(Uint8Array.of(0xe9), 'text/plain; charset=nonsense')).toEqual(BINARY);
  });

  it('gives a form field any name', () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(write('__proto__=1&toString=2', type)).toBe('{"__proto__":"1","toString":"2"}');
  });

  it('of JSON stays as it was written, but for its secrets', () => {
    const type = { 'content-type': 'application/json' };
    expect(write('{ "a": 1.0, "password" : "x", "b": ["2"] }', type)).toBe(
      '{"a":1,"password":"[MASKED]","b":["2"]}',
    );
    expect(write('{ "a": 1.0, "password": {"x": "}"}, "b": ["2"] }', type)).toBe(
      '{ "a": 1.0, "password": "[MASKED]", "b": ["2"] }',
    );
    expect(write('{"pass\\u0077ord":"x"}', type)).toBe('{"password":"[MASKED]"}');
    expect(write('{"cardNumber":4111111111111111,"n":1}', type)).toBe('{"cardNumber":"[MASKED]","n":1}');
  });
});
