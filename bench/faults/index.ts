/**
 * What a receiver that fails does to an application, next to the same application without us, and what becomes of the
 * events. Ends with 1 if anything does not hold.
 *
 *     npm run bench:faults -- [--seconds 60] [--rate 200] [--only <part of a name>] [--json]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApplication } from '../orders/application.ts';
import { faults } from './faults.ts';
import { runKills } from './kills.ts';
import type { Setting } from './scenario.ts';
import { runScenario } from './scenario.ts';
import { killTable, table } from './table.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const isChosen = (name: string): boolean => name.includes(values.only);

// Inside the checkout, so that the bundles find their dependencies.
const cache = resolve('node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'replaystack-faults-'));
try {
  const setting: Setting = {
    hooked: await buildApplication(folder, true),
    bare: await buildApplication(folder, false),
    seconds: Number(values.seconds),
    rate: Number(values.rate),
  };
  const outcomes = [];
  for (const fault of faults) {
    if (!isChosen(fault.name)) continue;
    console.error(`${fault.name} …`);
    outcomes.push(await runScenario(fault, setting));
  }
  const kills = isChosen('SIGKILL') ? [await runKills(setting)] : [];
  if (values.json) for (const outcome of [...outcomes, ...kills]) console.info(JSON.stringify(outcome));
  else console.info([table(outcomes), killTable(kills)].filter(Boolean).join('\n\n'));
  for (const { name, broken } of [...outcomes, ...kills]) {
    for (const what of broken) console.error(`${name}: ${what}`);
    if (broken.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
