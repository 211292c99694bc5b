/**
 * Packages run their own tests as they are, and again with each of their functions and their tests' own applications
 * instrumented, awake and sending to a receiver: no test may tell the difference.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Receiver } from '../../../src/receiver/index.ts';
import { startReceiver } from '../../../src/receiver/index.ts';
import { installLocked } from '../../support/install.ts';
import { isWhole } from '../extent.ts';
import { compare } from './compare.ts';
import type { Instrumented } from './instrument.ts';
import { addRuntime, instrumentPackage } from './instrument.ts';
import type { Verdicts } from './run.ts';
import { filesOf, runSuite } from './run.ts';
import type { Suite } from './suites.ts';
import { suites } from './suites.ts';
import type { Row } from './table.ts';
import { lineOf, tableOf } from './table.ts';
import type { Workspace } from './workspace.ts';
import { createWorkspace } from './workspace.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** A few that somebody wants to look at: `CONFORMANCE_SUITES=fastify,pino`. */
const named = process.env['CONFORMANCE_SUITES']?.split(',');
const chosen = suites.filter(({ name, slice = false }) => named?.includes(name) ?? (isWhole || slice));
/** As a whole, they run on each other's instrumented code. */
const present = isWhole ? suites : chosen;

const rows: Row[] = [];
const instrumented = new Map<Suite, Instrumented>();
let before: Workspace;
let after: Workspace;
let receiver: Receiver;

beforeAll(async () => {
  installLocked(here);
  const directory = join(inject('workspace'), 'suites');
  const installed = join(here, 'node_modules');
  const names = present.map(({ name }) => name);
  before = createWorkspace(join(directory, 'before'), installed, names);
  after = createWorkspace(join(directory, 'after'), installed, names);
  for (const suite of present) instrumented.set(suite, await instrumentPackage(after, suite));
  addRuntime(after, join(inject('workspace'), 'node_modules/unplugin-replaystack'));
  receiver = await startReceiver();
}, 900_000);

afterAll(async () => {
  console.log(tableOf(rows));
  for (const { suite, failing, unsteady } of rows) {
    if (failing.length > 0) console.log(`${suite.name} fails anyway:\n  ${failing.join('\n  ')}`);
    for (const [name, outcome] of unsteady) console.log(`${suite.name} is unsteady: ${name}: ${outcome}`);
  }
  await receiver.close();
});

test.for(chosen)('$name', { timeout: 3_600_000 }, async (suite) => {
  const visible = new Set(Object.values(suite.visible ?? {}).flat());
  const environment = { REPLAYSTACK_API_KEY: 'key', REPLAYSTACK_ENDPOINT: receiver.url };
  const files = filesOf(before, suite);
  const run = (workspace: Workspace, some: readonly string[]): Promise<Verdicts> =>
    runSuite(workspace, suite, some, environment);
  const without = [await run(before, files)];
  if (isWhole) without.push(await run(before, files));
  expect(receiver.requests.length).toBe(0);
  const within = [await run(after, files)];
  const refused = receiver.requests.filter(({ status }) => status !== 200);
  const events = receiver.events.length;

  // Some wait for a few milliseconds, and fail now and then on a busy machine, with us or without.
  const doubtful = [...compare(without, within).changed.keys()].filter((name) => !visible.has(name));
  const again = files.filter((file) => doubtful.some((name) => name.includes(file)));
  for (let time = 0; time < 3 && again.length > 0; time++) {
    without.push(await run(before, again));
    within.push(await run(after, again));
  }
  receiver.requests.length = 0;
  receiver.events.length = 0;
  const comparison = compare(without, within);
  const manifest = readFileSync(join(before.packageOf(suite.name), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const row = { suite, version, events, ...comparison, ...(instrumented.get(suite) as Instrumented) };
  rows.push(row);
  // Of a run that takes an hour, at once.
  console.log(lineOf(row));

  expect(comparison.tests).toBeGreaterThan(0);
  expect(refused.map(({ message }) => message)).toEqual([]);
  const changed = [...comparison.changed].filter(([name]) => !visible.has(name));
  expect(changed.map((change) => change.join(': '))).toEqual([]);
  // What is no longer visible is not to be listed any longer.
  expect([...visible].filter((name) => !comparison.changed.has(name))).toEqual([]);
});
