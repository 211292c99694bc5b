/**
 * What it costs that a function is observed, and to leave a breadcrumb: nanoseconds added to a call, beside what others
 * add; and whether a request costs more where there are more routes and functions.
 *
 *     npm run bench -- hook [--processes 5] [--json]
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
import { bundleService } from './copies.ts';
import { measureGrowth } from './growth.ts';

const { values } = parseArgs({
  options: { processes: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const nodes = { '20': process.execPath, '24': resolve('bench/node_modules/node24/bin/node') };
/** A warm function has its own machine code, so there are not too many of them. */
const COPIES = 50;
const SUBJECTS = {
  active: 'ReplayStack',
  dormant: 'ReplayStack, dormant',
  als: 'AsyncLocalStorage.run',
  otel: 'OpenTelemetry, startActiveSpan',
  sentry: '@sentry/node, startSpan, not sampled',
};
const TARGETS: Record<string, [bar: string, goal: string]> = {
  'active call': ['400', '150'],
  'dormant call': ['25', '10'],
  'active breadcrumb': ['150', '60'],
  'active breadcrumbWithData': ['150', '60'],
};

/** Nanoseconds by Node, subject and kind, one for each process. */
const all: Record<string, Record<string, Record<string, number[]>>> = {};
const child = await bundleService(COPIES);
for (let round = 0; round < Number(values.processes); round++) {
  for (const [version, node] of Object.entries(nodes)) {
    for (const subject of Object.keys(SUBJECTS)) {
      const output = execFileSync(node, [child, subject], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      for (const [kind, ns] of Object.entries(JSON.parse(output) as Record<string, number>)) {
        (((all[version] ??= {})[subject] ??= {})[kind] ??= []).push(ns);
      }
    }
  }
}
const growth = await measureGrowth();

if (values.json) {
  console.info(JSON.stringify(all));
  console.info(JSON.stringify(growth));
} else {
  for (const [version, subjects] of Object.entries(all)) {
    const row = (subject: string, kind: string, isCall: boolean): string[] => [
      SUBJECTS[subject as keyof typeof SUBJECTS],
      ...(isCall ? [kind] : [kind === 'breadcrumb' ? 'a message' : 'with two fields of data']),
      ...spread(subjects[subject]?.[kind] ?? [], 0),
      ...(TARGETS[`${subject} ${isCall ? 'call' : kind}`] ?? ['', '']),
    ];
    const kinds = Object.keys(subjects['dormant'] ?? {});
    const callers = Object.keys(subjects);
    const leavers = callers.filter((subject) => subjects[subject]?.['breadcrumb'] !== undefined);
    console.info(
      markdown([
        [`Node ${version}: added to a call`, 'of a function that', 'ns: min', 'median', 'max', 'bar', 'goal'],
        ...callers.flatMap((subject) => kinds.map((kind) => row(subject, kind, true))),
      ]),
    );
    console.info('');
    console.info(
      markdown([
        [`Node ${version}: one breadcrumb`, '', 'ns: min', 'median', 'max', 'bar', 'goal'],
        ...['breadcrumb', 'breadcrumbWithData'].flatMap((kind) =>
          leavers.map((subject) => row(subject, kind, false)),
        ),
      ]),
    );
    console.info('');
  }
  console.info(
    markdown([
      ['routes', 'functions', 'bare, CPU µs a request', 'added: min', 'median', 'max'],
      ...growth.map(({ routes, functions, bare, added }) => [
        `${routes}`,
        `${functions}`,
        bare.toFixed(0),
        ...spread(added, 0),
      ]),
    ]),
  );
}

function spread(numbers: readonly number[], digits: number): string[] {
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)].map((one) => one.toFixed(digits));
}
