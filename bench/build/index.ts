/**
 * What the plugin adds to a build, next to the same build without it and with others in its place: time, memory, and how they
 * grow with the project. Each build is a process of its own, and the variants of a row take turns.
 *
 *     npm run bench -- build [--rounds 3] [--only <part of a row's name>] [--json]
 */
import { parseArgs } from 'node:util';
import { markdown } from '../markdown.ts';
import { runChild } from './child.ts';
import type { Task } from './child.ts';
import { openWorkshop } from './workshop.ts';
import { measureGrowth, measureTransform } from './transform.ts';
import { scenarios } from './scenarios.ts';
import { growthTable, rowsOf, transformTable } from './tables.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const [command, task] = positionals;
if (command === 'child') await runChild(JSON.parse(task ?? '') as Task);

const isChosen = (name: string): boolean => name.includes(values.only);
const workshop = openWorkshop();
try {
  const rows: string[][] = [];
  for (const scenario of scenarios.filter(({ name }) => isChosen(name))) {
    console.error(`${scenario.name} …`);
    const costs = workshop.measure(scenario, Number(values.rounds));
    // One at a time, so that nothing is lost if a later one fails.
    if (values.json) console.info(JSON.stringify({ name: scenario.name, costs }));
    rows.push(...rowsOf(scenario, costs));
  }
  const head = [
    'build',
    'with',
    'wall, × bare: min',
    'median',
    'max',
    'bar',
    'goal',
    'CPU, × bare',
    'memory, × bare',
    'bare, s',
  ];
  if (!values.json && rows.length > 0) console.info(`${markdown([head, ...rows])}\n`);
  if (isChosen('transform')) {
    const costs = await measureTransform();
    if (values.json) for (const cost of costs) console.info(JSON.stringify(cost));
    else console.info(`${transformTable(costs)}\n`);
  }
  if (isChosen('growth')) {
    const costs = await measureGrowth();
    if (values.json) for (const cost of costs) console.info(JSON.stringify(cost));
    else console.info(growthTable(costs));
  }
} finally {
  workshop.close();
}
