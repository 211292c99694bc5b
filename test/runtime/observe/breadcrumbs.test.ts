import fc from '../../support/properties.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Breadcrumbs } from '../../../runtime/observe/breadcrumbs.ts';
import {
  addNote,
  beginCall,
  clearBreadcrumbs,
  createBreadcrumbs,
  endCall,
  parseSite,
  toBreadcrumbs,
} from '../../../runtime/observe/breadcrumbs.ts';

const SITE = 'src/orders.ts:12:create';

function messages(ring: Breadcrumbs): string[] {
  return toBreadcrumbs(ring).map(({ message }) => message);
}

afterEach(() => void vi.useRealTimers());

describe('the ring', () => {
  it('keeps the newest, oldest first, whatever is added', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.array(fc.boolean(), { maxLength: 30 }), (capacity, kinds) => {
        const ring = createBreadcrumbs(capacity);
        kinds.forEach((isCall, index) => {
          if (isCall) endCall(beginCall(ring, `src/x.ts:1:${index}`));
          else addNote(ring, String(index));
        });
        const all = kinds.map((_, index) => String(index));
        expect(messages(ring)).toEqual(capacity === 0 ? [] : all.slice(-capacity));
      }),
    );
  });

  it('forgets everything when it is cleared, and goes on', () => {
    const ring = createBreadcrumbs(2);
    for (const message of ['a', 'b', 'c']) addNote(ring, message);
    clearBreadcrumbs(ring);
    expect(toBreadcrumbs(ring)).toEqual([]);
    addNote(ring, 'd');
    expect(messages(ring)).toEqual(['d']);
  });

  it('keeps nothing when it is mute', () => {
    const ring = createBreadcrumbs(2, true);
    addNote(ring, 'a');
    expect(toBreadcrumbs(ring)).toEqual([]);
  });
});

describe('a breadcrumb', () => {
  it('has the form of the contract', () => {
    const ring = createBreadcrumbs(5);
    addNote(ring, 'plain');
    addNote(ring, 'full', 'payment', 'warning', { amount: 7 });
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(toBreadcrumbs(ring)).toEqual([
      { message: 'plain', category: 'default', level: 'info', metadata: {}, timestamp },
      { message: 'full', category: 'payment', level: 'warning', metadata: { amount: 7 }, timestamp },
    ]);
  });

  it('tells the time of day by the clock on the wall, which may be set while the process runs', () => {
    const ring = createBreadcrumbs(5);
    addNote(ring, 'before');
    vi.useFakeTimers({ now: Date.UTC(2030, 0, 1), toFake: ['Date'] });
    addNote(ring, 'after');
    for (const { timestamp } of toBreadcrumbs(ring))
      expect(timestamp).toMatch(/^20(29-12-31T23:59|30-01-01T00:00)/);
  });

  it('is in order, to the millisecond', () => {
    const ring = createBreadcrumbs(100);
    for (let index = 0; index < 100; index++) addNote(ring, String(index));
    const times = toBreadcrumbs(ring).map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort());
  });
});

describe('an observed call', () => {
  it('is running until it ends', () => {
    const ring = createBreadcrumbs(5);
    const call = beginCall(ring, SITE);
    expect(toBreadcrumbs(ring)).toMatchObject([
      {
        message: 'create',
        category: 'function',
        level: 'info',
        metadata: { fileName: 'src/orders.ts', lineNumber: 12, running: true },
      },
    ]);
    endCall(call);
    const [breadcrumb] = toBreadcrumbs(ring);
    expect(breadcrumb?.metadata).toEqual({
      fileName: 'src/orders.ts',
      lineNumber: 12,
      durationMs: expect.any(Number),
    });
  });

  it('joins one of the same function that ended right before it', () => {
    const ring = createBreadcrumbs(5);
    for (let index = 0; index < 3; index++) endCall(beginCall(ring, SITE));
    expect(toBreadcrumbs(ring)).toMatchObject([{ message: 'create', metadata: { calls: 3 } }]);
  });

  it.each<[string, (ring: Breadcrumbs) => void]>([
    ['is still running', (ring) => void beginCall(ring, SITE)],
    ['failed', (ring) => Object.assign(beginCall(ring, SITE), { running: false, failed: true })],
    [
      'was followed by something else',
      (ring) => {
        endCall(beginCall(ring, SITE));
        addNote(ring, 'between');
      },
    ],
  ])('stands alone when the one before it %s', (_why, before) => {
    const ring = createBreadcrumbs(5);
    before(ring);
    endCall(beginCall(ring, SITE));
    expect(messages(ring).filter((message) => message === 'create')).toHaveLength(2);
    for (const { metadata } of toBreadcrumbs(ring)) expect(metadata).not.toHaveProperty('calls');
  });

  it('that fell out of the ring can still end', () => {
    const ring = createBreadcrumbs(1);
    const call = beginCall(ring, SITE);
    addNote(ring, 'later');
    endCall(call);
    expect(messages(ring)).toEqual(['later']);
  });
});

describe('a site', () => {
  it.each([
    ['src/orders.ts:12:create', 'src/orders.ts', 12, 'create'],
    ['src/orders.ts:3:GET /orders/:id', 'src/orders.ts', 3, 'GET /orders/:id'],
    ['C:/app/x.ts:7:run', 'C:/app/x.ts', 7, 'run'],
    ['src/a:b.ts:7:Class.method', 'src/a:b.ts', 7, 'Class.method'],
    ['src/x.ts:7:', 'src/x.ts', 7, ''],
    ['src/x.ts:7:use :8:9', 'src/x.ts', 7, 'use :8:9'],
    ['nothing of the kind', '', 0, 'nothing of the kind'],
  ])('%s is taken apart', (site, fileName, lineNumber, functionName) => {
    expect(parseSite(site)).toEqual({ fileName, lineNumber, functionName });
  });
});
