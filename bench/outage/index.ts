/**
 * An outage of the receiver, of every kind and at the same time: what is kept of the events, and what it costs.
 *
 *     npm run bench -- outage [--seconds 60] [--only <part of a variant's name>] [--json]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApplication } from '../orders/application.ts';
import type { Plan } from './run.ts';
import { runAll } from './run.ts';
import { table, toRows } from './table.ts';
import type { Outage, Variant } from './variants.ts';
import { outages, variants } from './variants.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '120' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);

// Inside the checkout, so that the bundles find their dependencies.
const cache = resolve('node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'replaystack-outage-'));
try {
  const plan: Plan = {
    hooked: await buildApplication(folder, true),
    bare: await buildApplication(folder, false),
    seconds,
    before: Math.max(3, seconds / 6),
    rate: Number(values.rate),
  };
  const chosen = variants(folder).filter(({ name }) => name.includes(values.only));
  const records = [];
  // Two variants at a time: as many processes as two cores have time for.
  for (let first = 0; first < chosen.length; first += 2) {
    const pairs = chosen
      .slice(first, first + 2)
      .flatMap((variant) => outages.map((outage): [Variant, Outage] => [variant, outage]));
    records.push(...(await runAll(pairs, plan)));
  }
  const rows = toRows(records);
  if (values.json) for (const row of rows) console.info(JSON.stringify(row));
  else console.info(table(rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
