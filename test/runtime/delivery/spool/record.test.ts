import { crc32 } from 'node:zlib';
import fc from '../../../support/properties.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decode, encode, encodeChange } from '../../../../runtime/delivery/spool/record.ts';

/** What is read of records that stand one after the other. */
function read(...records: Buffer[]): { events: [number, string, boolean][]; damaged: number } {
  const { events, damaged } = decode(Buffer.concat(records));
  return { events: [...events].map(([at, { json, doubtful }]) => [at, json, doubtful]), damaged };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a record', () => {
  it('is a line with the length, the checksum and the JSON', () => {
    const json = '{"traceId":"ä"}';
    const sum = crc32(json).toString(16).padStart(8, '0');
    expect(encode(json).toString()).toBe(`\n00000010 ${sum} ${json}`);
  });

  it('has the same checksum where zlib has none', () => {
    const json = '{"a":"checksum"}';
    const expected = encode(json);
    const zlib = process.getBuiltinModule('node:zlib');
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...zlib, crc32: undefined });
    expect(encode(json)).toEqual(expected);
  });
});

describe('an event', () => {
  const [a, b] = [encode('{"a":1}'), encode('{"b":2}')];
  const second = a.length;

  it('is known by where it stands', () => {
    expect(read(a, b)).toEqual({
      events: [
        [0, '{"a":1}', false],
        [second, '{"b":2}', false],
      ],
      damaged: 0,
    });
  });

  it('is doubtful from when it was tried until it is known that the receiver does not have it', () => {
    expect(read(a, b, encode('["try",0]')).events.map(([, , doubtful]) => doubtful)).toEqual([true, false]);
    expect(read(a, encode('["try",0]'), encode('["kept",0]')).events).toEqual([[0, '{"a":1}', false]]);
  });

  it('that has changed is what it became', () => {
    expect(read(a, b, encode('["try",0]'), encodeChange(0, '{"a":[1,2]}')).events[0]).toEqual([
      0,
      '{"a":[1,2]}',
      true,
    ]);
    expect(read(a, encode('["done",0]'), encodeChange(0, '{"a":2}')).events).toEqual([]);
  });

  it('is not there any more when it is done', () => {
    expect(read(a, b, encode('["try",0]'), encode('["done",0]')).events).toEqual([
      [second, '{"b":2}', false],
    ]);
  });
});

describe('damage', () => {
  it('at the end of a file that was torn costs the torn record, whatever is written behind it', () => {
    const [a, b] = [encode('{"a":1}'), encode('{"b":2}')];
    expect(read(a, b.subarray(0, 20))).toEqual({ events: [[0, '{"a":1}', false]], damaged: 1 });
    expect(read(a, b.subarray(0, 9), encode('["done",0]'))).toEqual({ events: [], damaged: 1 });
  });

  it('costs what it hits, and nothing makes the reader throw', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const hits = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), hits, fc.option(fc.nat()), (texts, hits, cut) => {
        const records = texts.map((value) => encode(JSON.stringify({ value })));
        const file = Buffer.concat(records);
        const end = cut === null ? file.length : cut % (file.length + 1);
        const whole = new Map<number, string>();
        let start = 0;
        const damaged = Buffer.from(file);
        for (const { at, byte } of hits) if (file.length > 0) damaged[at % file.length] = byte;
        for (const [index, record] of records.entries()) {
          const stop = start + record.length;
          const isWhole = stop <= end && damaged.subarray(start, stop).equals(record);
          if (isWhole) whole.set(start, JSON.stringify({ value: texts[index] }));
          start = stop;
        }
        const { events } = decode(damaged.subarray(0, end));
        for (const [at, json] of whole) expect(events.get(at)?.json).toBe(json);
        const written = texts.map((value) => JSON.stringify({ value }));
        for (const { json } of events.values()) expect(written).toContain(json);
      }),
      { numRuns: 500 },
    );
  });

  it('may look like a record that ends where it begins, or a note that is none', () => {
    const event = encode('{"a":1}');
    // No bytes have the checksum 0.
    expect(read(Buffer.from('\n-0000013 00000000 '), event)).toMatchObject({ damaged: 1 });
    expect(read(Buffer.from('\n-0000012 00000000 '), event).events).toHaveLength(1);
    expect(read(event, encode('[done'), encode('[]'))).toEqual({
      events: [[0, '{"a":1}', false]],
      damaged: 2,
    });
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decode(Buffer.from(bytes)).events.size).toBe(0);
      }),
    );
  });
});
