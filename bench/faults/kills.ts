/** The application is killed again and again, with a spool: what it accepted arrives, and what may be double is counted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '../orders/application.ts';
import { startApplication } from '../orders/application.ts';
import { createDriver } from '../orders/load.ts';
import type { Behaviour } from '../orders/receiver.ts';
import { startReceiver } from '../orders/receiver.ts';
import type { Setting } from './scenario.ts';

export interface KillOutcome {
  name: string;
  kills: number;
  /** Events that were accepted for sure: their connection went on to a next request. */
  accepted: number;
  delivered: number;
  lost: number;
  /** Deliveries beyond the first of an event. */
  repeated: number;
  /** So many may be double, the application said. */
  said: number;
  /** Files that were left in the spool. */
  files: number;
  broken: string[];
}

/** The receiver from one kill to the next. */
const lives: readonly Behaviour[] = [
  { how: 'take' },
  { how: 'down' },
  { how: 'take' },
  { how: 'slow', ms: 100 },
  { how: 'refuse', status: 503 },
  { how: 'take' },
];

export async function runKills({ hooked, seconds, rate }: Setting): Promise<KillOutcome> {
  const receiver = await startReceiver();
  const spool = mkdtempSync(join(tmpdir(), 'replaystack-bench-'));
  const start = (): Promise<Application> =>
    startApplication(hooked, {
      REPLAYSTACK_API_KEY: 'k',
      REPLAYSTACK_ENDPOINT: receiver.url,
      REPLAYSTACK_SPOOL_DIR: spool,
    });
  const accepted: string[] = [];
  let said = 0;
  for (const [index, behaviour] of lives.entries()) {
    await receiver.become(behaviour);
    const application = await start();
    const driver = await createDriver(application.url, `life${index}`);
    const life = (seconds * 1000) / lives.length;
    const running = driver.run(life / 1000 + 1, rate);
    await sleep(life);
    said += (await application.counts()).doubtful;
    await application.kill();
    const { answered } = await running;
    // The last request of a connection may have been answered and not yet captured.
    accepted.push(
      ...driver.setUp,
      ...answered.flatMap((requests) => requests.slice(0, -1).map(({ traceId }) => traceId)),
    );
  }
  await receiver.become({ how: 'take' });
  const heir = await start();
  await createDriver(heir.url, 'heir');
  await heir.counts(20_000);
  said += (await heir.counts()).doubtful;
  await heir.kill();
  await receiver.close();
  const delivered = new Set(receiver.taken);
  const lost = accepted.filter((id) => !delivered.has(id)).length;
  const repeated = receiver.taken.length - delivered.size;
  const outcome: KillOutcome = {
    name: 'SIGKILL, with a spool',
    kills: lives.length,
    accepted: accepted.length,
    delivered: delivered.size,
    lost,
    repeated,
    said,
    files: readdirSync(spool).length,
    broken: [],
  };
  rmSync(spool, { recursive: true });
  if (lost > 0) outcome.broken.push('accepted events are lost');
  if (repeated > said) outcome.broken.push('events arrived twice and nobody said so');
  if (outcome.files > 1) outcome.broken.push('files are left in the spool');
  return outcome;
}
