/** What can be wrong with a receiver, and when. */
import type { Behaviour } from '../orders/receiver.ts';

export interface Fault {
  name: string;
  /** How the receiver behaves while it is at fault; it takes events before and after. */
  behaviour: Behaviour;
  /** From when to when, as shares of the time under load. */
  from: number;
  to: number;
  /** Where events go instead of to the receiver; nothing can be delivered then. */
  endpoint?: string;
}

const fault = (name: string, behaviour: Behaviour, from = 0, to = 1): Fault => ({
  name,
  behaviour,
  from,
  to,
});

export const faults: readonly Fault[] = [
  fault('fine', { how: 'take' }),
  fault('down from the start', { how: 'down' }),
  fault('down in the middle', { how: 'down' }, 1 / 3, 2 / 3),
  fault('never answers', { how: 'hang' }),
  fault('answers after 2 s', { how: 'slow', ms: 2000 }),
  fault('resets connections', { how: 'reset' }),
  fault('429, Retry-After 2', { how: 'refuse', status: 429, headers: { 'retry-after': '2' } }),
  fault('503', { how: 'refuse', status: 503 }),
  fault('413 for all', { how: 'refuse', status: 413 }),
  fault('413 above 8 KiB', { how: 'refuse', status: 413, aboveBytes: 8192 }),
  fault('cuts its answers', { how: 'truncate' }),
  { ...fault('DNS fails', { how: 'take' }), endpoint: 'http://replaystack.invalid' },
];
