/** One fault: the hooked application and the bare one side by side, under the same load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { median, percentile } from '../figures.ts';
import { startApplication } from '../orders/application.ts';
import type { Fault } from './faults.ts';
import type { Load } from '../orders/load.ts';
import { createDriver } from '../orders/load.ts';
import { startReceiver } from '../orders/receiver.ts';

export interface Setting {
  hooked: string;
  bare: string;
  seconds: number;
  /** Requests a second, to each application. */
  rate: number;
}

export interface Outcome {
  name: string;
  /** Requests that the application answered wrongly or not at all; hooked and bare. */
  errors: number;
  bareErrors: number;
  /** 99th percentile of the latency, hooked over bare. */
  p99Ratio: number;
  /** Events: one for each request that was answered. */
  made: number;
  delivered: number;
  /** Still in the queue when the load ended. */
  queued: number;
  dropped: number;
  refused: number;
  /** Left in the queue after the receiver recovered and a flush. */
  left: number;
  /** Deliveries beyond the first of an event; and those that the receiver took but whose answer it cut. */
  repeated: number;
  cut: number;
  /** Whether what had waited for the recovery arrived in the order of its capture; undefined where nothing had to wait. */
  inOrder: boolean | undefined;
  requests: number;
  sockets: number;
  /** Mebibytes that the resident set grew by in the second half of the load, hooked and bare. */
  growth: number;
  bareGrowth: number;
  /** What does not hold; empty if all does. */
  broken: string[];
}

/** When the receiver took events again, and how many it had taken before. */
interface Recovery {
  time: number;
  place: number;
}

const FLUSH_MS = 20_000;

export async function runScenario(fault: Fault, { hooked, bare, seconds, rate }: Setting): Promise<Outcome> {
  const receiver = await startReceiver();
  const atFault = (on: boolean): Promise<void> => receiver.become(on ? fault.behaviour : { how: 'take' });
  await atFault(fault.from === 0);
  const ours = await startApplication(hooked, {
    REPLAYSTACK_API_KEY: 'k',
    REPLAYSTACK_ENDPOINT: fault.endpoint ?? receiver.url,
  });
  const theirs = await startApplication(bare, {});
  const driver = await createDriver(ours.url, 'e');
  const other = await createDriver(theirs.url, 'e');

  const memory: { ours: number; theirs: number }[] = [];
  const sampling = setInterval(
    () => memory.push({ ours: ours.rss(), theirs: theirs.rss() }),
    (seconds * 1000) / 60,
  );
  let recovery: Recovery = { time: 0, place: 0 };
  const recover = async (): Promise<void> => {
    recovery = { time: performance.now(), place: receiver.taken.length };
    await atFault(false);
  };
  const schedule = (async (): Promise<void> => {
    await sleep(seconds * 1000 * fault.from);
    if (fault.from > 0) await atFault(true);
    if (fault.to === 1) return;
    await sleep(seconds * 1000 * (fault.to - fault.from));
    await recover();
  })();
  const [load, bareLoad] = await Promise.all([driver.run(seconds, rate), other.run(seconds, rate), schedule]);
  clearInterval(sampling);

  const { pending: queued } = await ours.counts();
  if (fault.to === 1) await recover();
  const {
    pending: left,
    dropped,
    refused,
  } = await ours.counts(fault.endpoint === undefined ? FLUSH_MS : 1000);
  const alive = ours.isAlive();
  await Promise.all([ours.kill(), theirs.kill()]);
  await receiver.close();

  const made = driver.setUp.length + load.answered.flat().length;
  const delivered = new Set(receiver.taken);
  const outcome: Outcome = {
    name: fault.name,
    errors: load.wrong,
    bareErrors: bareLoad.wrong,
    p99Ratio: percentile(load.latencies, 99) / percentile(bareLoad.latencies, 99),
    made,
    delivered: delivered.size,
    queued,
    dropped,
    refused,
    left,
    repeated: receiver.taken.length - delivered.size,
    cut: receiver.cut.length,
    // A receiver that is slow, or refuses what is too large, is not down: up to three requests at a time go on.
    inOrder: goesOn(fault) ? undefined : isInOrder(load, receiver.taken, recovery),
    requests: receiver.requests,
    sockets: receiver.mostSockets,
    growth: growthOf(memory.map((sample) => sample.ours)),
    bareGrowth: growthOf(memory.map((sample) => sample.theirs)),
    broken: [],
  };
  const { broken } = outcome;
  if (!alive) broken.push('the application ended');
  if (outcome.errors > 0) broken.push('the application answered wrongly');
  if (made !== outcome.delivered + dropped + refused + left)
    broken.push('the numbers of events do not add up');
  if (left > 0 && fault.endpoint === undefined) broken.push('events are left after the recovery');
  if (outcome.repeated > 0) broken.push('events arrived twice');
  if (outcome.inOrder === false) broken.push('events arrived out of order');
  return outcome;
}

function goesOn({ behaviour }: Fault): boolean {
  return behaviour.how === 'slow' || (behaviour.how === 'refuse' && behaviour.status === 413);
}

/**
 * Of what waited for the recovery, whether each connection's events, which were captured one after the other, arrived so.
 * The request that found out that the receiver is back may have come before them.
 */
function isInOrder({ answered }: Load, taken: string[], { place, time }: Recovery): boolean {
  const places = new Map(taken.map((id, index) => [id, index]));
  return answered.every((requests) => {
    const waited = requests.flatMap(({ traceId, at }) => (at < time ? (places.get(traceId) ?? []) : []));
    return descents(waited.filter((index) => index >= place)) <= 1;
  });
}

function descents(numbers: number[]): number {
  return numbers.filter((number, index) => index > 0 && number < (numbers[index - 1] ?? 0)).length;
}

/** From the middle of the load to its end. */
function growthOf(samples: number[]): number {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const middle = Math.floor(samples.length / 2);
  return (median(samples.slice(-fifth)) - median(samples.slice(middle - fifth, middle))) / 2 ** 20;
}
