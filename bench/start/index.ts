/**
 * What we add to the start of a process: CPU to import us and to start a client, and the time to the first response of a
 * service; next to what others add. Fails if undici is loaded before there is anything to send.
 *
 *     npm run bench -- start [--rounds 15] [--json]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median } from '../figures.ts';
import { markdown } from '../markdown.ts';
import { bundle, instrumented, placeUndici } from './builds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
const nodes = { '20': process.execPath, '24': resolve('bench/node_modules/node24/bin/node') };

const active = { REPLAYSTACK_API_KEY: 'rs_bench', REPLAYSTACK_ENDPOINT: 'http://127.0.0.1:9' };
const external = { packages: 'external' as const };
const importer = await bundle('import', 'import.ts');
const sentry = await bundle('sentry', 'sentry.ts', external);
const otel = await bundle('otel', 'otel.ts', external);
const replaystack = await bundle('replaystack', 'replaystack.ts');
const bare = await bundle('bare', 'application.ts');
const hooked = await bundle('hooked', 'application.ts', instrumented);
const unbundled = await bundle('unbundled', 'application.ts', external);

/** Milliseconds of CPU. */
function importMs(node: string, file: string): number {
  const output = execFileSync(node, [importer, file], {
    env: { ...process.env, ...active },
    encoding: 'utf8',
  });
  return Number(output);
}

/** Milliseconds from the start of the process to the end of its first response. */
async function firstResponseMs(node: string, args: string[], env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const child = spawn(node, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    const [response] = (await once(get(`http://127.0.0.1:${port}/users/7`), 'response')) as [
      NodeJS.ReadableStream,
    ];
    response.resume();
    await once(response, 'end');
    return performance.now() - began;
  } finally {
    child.kill('SIGKILL');
  }
}

interface Variant {
  name: string;
  args: string[];
  env?: Record<string, string>;
  /** Index of what it is compared with. */
  bare: number;
  bar?: string;
  goal?: string;
}

const imports = [
  { name: 'ReplayStack, bundled', file: replaystack, bar: '12', goal: '8' },
  { name: '@sentry/node', file: sentry, bar: '', goal: '' },
  { name: 'OpenTelemetry', file: otel, bar: '', goal: '' },
];
const variants: Variant[] = [
  { name: 'bare, bundled', args: [bare], bare: 0 },
  { name: 'ReplayStack', args: [hooked], env: active, bare: 0, bar: '1.06', goal: '1.02' },
  { name: 'ReplayStack, dormant', args: [hooked], bare: 0, bar: '1.06', goal: '1.02' },
  { name: 'bare, not bundled', args: [unbundled], bare: 3 },
  { name: '@sentry/node', args: ['--import', sentry, unbundled], bare: 3 },
  { name: 'OpenTelemetry', args: ['--import', otel, unbundled], bare: 3 },
];

await placeUndici();
const lazy = await bundle('lazy', 'lazy.ts');
for (const node of Object.values(nodes)) execFileSync(node, [lazy, replaystack], { stdio: 'inherit' });

const tables: string[] = [];
for (const [version, node] of Object.entries(nodes)) {
  const cpu = imports.map((): number[] => []);
  const times = variants.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, { file }] of imports.entries()) {
      const ms = importMs(node, file);
      if (round >= 0) cpu[index]?.push(ms);
    }
    for (const [index, { args, env = {} }] of variants.entries()) {
      const ms = await firstResponseMs(node, args, env);
      if (round >= 0) times[index]?.push(ms);
    }
  }
  const ratios = variants.map(({ bare }, index) =>
    (times[index] ?? []).map((ms, round) => ms / (times[bare]?.[round] ?? NaN)),
  );
  if (values.json) {
    console.info(JSON.stringify({ version, imports: imports.map(({ name }, index) => [name, cpu[index]]) }));
    console.info(
      JSON.stringify({ version, starts: variants.map(({ name }, index) => [name, times[index]]) }),
    );
  }
  tables.push(
    markdown([
      [`Node ${version}: import and start`, 'CPU ms: min', 'median', 'max', 'bar', 'goal'],
      ...imports.map(({ name, bar, goal }, index) => [name, ...spread(cpu[index] ?? [], 1), bar, goal]),
    ]),
    markdown([
      [`Node ${version}: to the first response`, 'ms', '× bare: min', 'median', 'max', 'bar', 'goal'],
      ...variants.map(({ name, bar = '', goal = '' }, index) => [
        name,
        median(times[index] ?? []).toFixed(0),
        ...spread(ratios[index] ?? [], 2),
        bar,
        goal,
      ]),
    ]),
  );
}
if (!values.json) console.info(tables.join('\n\n'));

function spread(numbers: readonly number[], digits: number): string[] {
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)].map((one) => one.toFixed(digits));
}
