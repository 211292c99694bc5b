/** One run: every kind of outage at the same time, each with an application and a receiver of its own. */
import type { Application } from '../orders/application.ts';
import { startApplication } from '../orders/application.ts';
import type { Answered, Driver } from '../orders/load.ts';
import { createDriver } from '../orders/load.ts';
import type { Receiver } from '../orders/receiver.ts';
import { startReceiver } from '../orders/receiver.ts';
import type { Outage, Variant } from './variants.ts';

export interface Plan {
  /** The bundle of each kind. */
  hooked: string;
  bare: string;
  /** Seconds that the outage lasts; before it are as many as `before` says. */
  seconds: number;
  before: number;
  /** Requests a second, to each application. */
  rate: number;
}

/** What was seen of one application. */
export interface Record {
  variant: string;
  outage: string;
  /** Events made and delivered in all; those made in the outage, and those of them that arrived after it. */
  made: number;
  delivered: number;
  during: number;
  kept: number;
  /** Whether what was kept is what came last, as far as concurrent requests have an order. */
  newest: boolean;
  /** Of what the client said: how many it dropped, had in its queue when the outage ended, and has still. */
  dropped: number;
  queued: number;
  left: number;
  /** Deliveries beyond the first of an event. */
  repeated: number;
  /** Requests that the application answered wrongly or not at all. */
  errors: number;
  /** The most connections to the receiver in the outage, as the application's system and as the receiver counted. */
  sockets: number;
  receiverSockets: number;
  /** Bytes in memory, every second of the outage. */
  rss: number[];
  /** Milliseconds of processor time for a request in the outage. */
  cpu: number;
}

const FLUSH_MS = 8000;
const AFTER_SECONDS = 3;
/** So many requests are under way at a time, and come in any order. */
const CONCURRENT = 16;

interface Run {
  variant: Variant;
  outage: Outage;
  receiver: Receiver;
  application: Application;
  driver: Driver & { setUp: string[] };
}

export async function runAll(pairs: readonly [Variant, Outage][], plan: Plan): Promise<Record[]> {
  const runs = await Promise.all(pairs.map(([variant, outage]) => start(variant, outage, plan)));
  return Promise.all(runs.map((run) => record(run, plan)));
}

async function start(variant: Variant, outage: Outage, plan: Plan): Promise<Run> {
  const receiver = await startReceiver();
  const file = variant.hooked ? plan.hooked : plan.bare;
  const application = await startApplication(file, variant.environment(receiver.url), variant.flags);
  return { variant, outage, receiver, application, driver: await createDriver(application.url, 'e') };
}

async function record(run: Run, { seconds, before, rate }: Plan): Promise<Record> {
  const { variant, outage, receiver, application, driver } = run;
  const healthy = await driver.run(before, rate, 'before-');

  await receiver.become(outage.behaviour);
  receiver.forgetSockets();
  const rss: number[] = [];
  let sockets = 0;
  const counting = setInterval(() => {
    sockets = Math.max(sockets, application.sockets(receiver.port));
  }, 50);
  const sampling = setInterval(() => rss.push(application.rss()), 1000);
  const cpu = application.cpu();
  const load = await driver.run(seconds, rate, 'during-');
  const cpuOfOutage = application.cpu() - cpu;
  clearInterval(counting);
  clearInterval(sampling);
  const receiverSockets = receiver.mostSockets;
  const { pending: queued } = await application.counts();

  const taken = receiver.taken.length;
  await receiver.become({ how: 'take' });
  await application.counts(FLUSH_MS);
  const kept = new Set(receiver.taken.slice(taken));
  const recovered = await driver.run(AFTER_SECONDS, rate, 'after-');
  const { pending: left, dropped } = await application.counts(FLUSH_MS);
  const errors = healthy.wrong + load.wrong + recovered.wrong;
  await application.kill();
  await receiver.close();

  const during = load.answered.flat();
  const made =
    driver.setUp.length + [healthy, load, recovered].flatMap(({ answered }) => answered.flat()).length;
  const delivered = new Set(receiver.taken);
  return {
    variant: variant.name,
    outage: outage.name,
    made,
    delivered: delivered.size,
    during: during.length,
    kept: kept.size,
    newest: isNewest(kept, [...healthy.answered.flat(), ...during]),
    dropped,
    queued,
    left,
    repeated: receiver.taken.length - delivered.size,
    errors,
    sockets,
    receiverSockets,
    rss,
    cpu: cpuOfOutage / (seconds * rate),
  };
}

function isNewest(kept: ReadonlySet<string>, answered: readonly Answered[]): boolean {
  const last = answered.toSorted((a, b) => b.at - a.at).slice(0, kept.size + CONCURRENT);
  const ids = new Set(last.map(({ traceId }) => traceId));
  return [...kept].every((id) => ids.has(id));
}
