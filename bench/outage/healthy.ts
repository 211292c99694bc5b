/** What is seen of a small service of its own while the receiver is well. */
import { resolve } from 'node:path';
import type { Source } from '../orders/application.ts';
import { buildApplication, startApplication } from '../orders/application.ts';
import { startReceiver } from '../orders/receiver.ts';
import type { Delivered } from './aborted.ts';
import { runAborted } from './aborted.ts';
import type { OpenMemory } from './open.ts';
import { runOpen } from './open.ts';

/** @param folder for the bundles */
export async function runHealthy(folder: string): Promise<{ aborted: Delivered[]; opened: OpenMemory }> {
  const source: Source = { directory: resolve('bench/outage/application'), entry: 'server.ts' };
  const receiver = await startReceiver();
  const environment = { REPLAYSTACK_API_KEY: 'k', REPLAYSTACK_ENDPOINT: receiver.url };
  const flags = ['--expose-gc'];
  const hooked = await buildApplication(folder, true, source);
  const ours = await startApplication(hooked, environment, flags);
  const bare = await startApplication(await buildApplication(folder, false, source), {}, flags);
  const aborted = await runAborted(ours, receiver);
  const opened = await runOpen(ours, bare);
  await Promise.all([ours.kill(), bare.kill()]);
  await receiver.close();
  return { aborted, opened };
}
