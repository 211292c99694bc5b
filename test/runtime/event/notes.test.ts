import { afterEach, expect, it, vi } from 'vitest';
import { createNoteWriter } from '../../../runtime/event/notes.ts';
import { createMasker } from '../../../runtime/masking/mask.ts';
import { beginCall, createBreadcrumbs, endCall } from '../../../runtime/observe/breadcrumbs.ts';

afterEach(() => vi.useRealTimers());

it.each([
  ['1970-01-01T00:00:00.000Z', 0],
  ['2026-11-26T20:15:07.005Z', Date.UTC(2026, 10, 26, 20, 15, 7, 5)],
  ['1969-12-31T23:59:59.250Z', -750],
])('has times to the millisecond: %s', (time, milliseconds) => {
  const ring = createBreadcrumbs(50);
  endCall(beginCall(ring, 'src/orders.ts:12:create'));
  // A test that has taken the clock over. What began before that lies some milliseconds behind.
  vi.useFakeTimers({ toFake: ['Date'], now: milliseconds });
  const [note] = JSON.parse(createNoteWriter(createMasker([], true)).trail(ring, 50) ?? '') as {
    timestamp: string;
  }[];
  expect(note?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const lag = Date.parse(time) - Date.parse(note?.timestamp ?? '');
  expect(lag).toBeGreaterThanOrEqual(0);
  expect(lag).toBeLessThan(1000);
});
