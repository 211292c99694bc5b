/**
 * An outage of the receiver, of every kind and at the same time: what is kept of the events, and what it costs.
 *
 *     npm run bench -- outage [--seconds 60] [--only <part of a variant's name>] [--json]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApplication } from '../orders/application.ts';
import { runHealthy } from './healthy.ts';
import type { Plan } from './run.ts';
import { runAll } from './run.ts';
import { abortedTable, openTable, table, toRows } from './table.ts';
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

function print<T>(table: (rows: readonly T[]) => string, rows: readonly T[]): void {
  if (values.json) for (const row of rows) console.info(JSON.stringify(row));
  else console.info(`${table(rows)}\n`);
}

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
  // Two variants at a time: as many processes as two cores have time for.
  for (let first = 0; first < chosen.length; first += 2) {
    const pairs = chosen
      .slice(first, first + 2)
      .flatMap((variant) => outages.map((outage): [Variant, Outage] => [variant, outage]));
    print(table, toRows(await runAll(pairs, plan)));
  }
  const { aborted, opened } = await runHealthy(folder);
  print(abortedTable, aborted);
  print(openTable, [opened]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
