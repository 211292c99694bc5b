/**
 * Builds a real service with the plugin, runs it against a local receiver, and shows what arrives. Exits with 0 if all that
 * should arrive did, with 1 if not, and with 2 for a wrong command line.
 *
 * @module
 */
import { startReceiver } from '../../receiver/index.ts';
import { type DemoOptions, parseArguments } from './arguments.ts';
import { eventOf, isBackgroundFailure, judge } from './expectations.ts';
import { createBuildFolder, findBug } from './project.ts';
import { eventList, failure, verdictList } from './report.ts';
import { buildService, startService } from './service.ts';
import type { Memory } from './step.ts';
import { createSteps, SECRETS } from './steps.ts';
import { walk } from './visit.ts';

const ARRIVAL_TIMEOUT_MS = 10_000;

/** @returns the exit code */
async function run({ bundler, json }: DemoOptions): Promise<number> {
  const say = (lines: string[]): void => (json ? console.error : console.log)(lines.join('\n'));

  say([`Building orders-api with ${bundler} …`]);
  const file = await buildService(bundler, createBuildFolder(), json ? 2 : 1);

  const receiver = await startReceiver({ apiKey: SECRETS.apiKey });
  const service = await startService(file, {
    NODE_ENV: 'production',
    ADMIN_KEY: SECRETS.adminKey,
    RECONCILE_INTERVAL_MS: '200',
    REPLAYSTACK_API_KEY: SECRETS.apiKey,
    REPLAYSTACK_ENDPOINT: receiver.url,
  });

  say(['', `Sending requests to ${service.url} …`]);
  const memory: Memory = {};
  const bug = findBug('src/services/discounts.ts');
  const visits = await walk(service.url, createSteps(bug), memory);

  // What does not come is told by the verdicts, all at once.
  await Promise.allSettled([
    ...visits
      .filter(({ step }) => step.event !== undefined)
      .map((visit) => receiver.waitFor((event) => event.traceId === visit.traceId, ARRIVAL_TIMEOUT_MS)),
    receiver.waitFor(isBackgroundFailure, ARRIVAL_TIMEOUT_MS),
  ]);
  const exit = await service.stop();
  await receiver.close();

  const { events, requests } = receiver;
  const secrets = [...Object.values(SECRETS), ...(memory.token === undefined ? [] : [memory.token])];
  const verdicts = judge({ visits, events, requests, secrets, exit });
  const met = verdicts.every(({ problems }) => problems.length === 0);

  if (json) {
    for (const event of events) console.log(JSON.stringify(event));
  } else {
    const failed = visits.find(({ step }) => step.answer === 500);
    const shown = failed && eventOf(failed, events);
    say(['', ...eventList(events), ...(shown === undefined ? [] : ['', ...failure(shown)])]);
  }
  say(['', ...verdictList(verdicts)]);
  if (!met && service.log() !== '') say(['', 'What the service wrote:', service.log()]);
  return met ? 0 : 1;
}

const options = parseArguments(process.argv.slice(2));
if (typeof options === 'string') {
  console.error(options);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
