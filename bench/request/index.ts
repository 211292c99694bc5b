/**
 * What a request costs: requests per second of the application's CPU, deferred work included, as a share of what the same
 * service does without us; with peers in the same run.
 *
 *     npm run bench -- request [--framework express|fastify] [--node 20|24] [--only <name>]… [--rounds 9] [--json]
 *
 * The application runs on one core, load and receiver on the other. All variants are alive; each has its window by turns,
 * with one of the bare service right before. Windows in which something else ran on the application's core for more than a
 * tenth of it are thrown away.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { median, percentile } from '../figures.ts';
import { markdown } from '../markdown.ts';
import type { Driver } from './load.ts';
import { createDriver } from './load.ts';
import type { Pinned } from './process.ts';
import { busy, pinSelf, startPinned } from './process.ts';
import type { Framework, Variant } from './variants.ts';
import { BARE, buildService, VARIANTS } from './variants.ts';

const APP_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 24;
const WINDOW_MS = 1200;
/** Until then, compilers are busy with what runs often: the more code, the longer. */
const WARM_UP_MS = 10_000;
/** How long what was put off may take. */
const SETTLE_MS = 250;
const STEADY_RATE = 250;

interface Window {
  /** Requests per second of CPU. */
  rate: number;
  /** Microseconds of CPU per request. */
  cpu: number;
  wrong: number;
  rss: number;
}

interface Runner {
  variant: Variant;
  process: Pinned;
  driver: Driver;
}

const { values } = parseArgs({
  options: {
    framework: { type: 'string', multiple: true, default: ['express', 'fastify'] },
    node: { type: 'string', multiple: true, default: ['20', '24'] },
    only: { type: 'string', multiple: true, default: VARIANTS.map(({ name }) => name) },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const variants = VARIANTS.filter(({ name }) => values.only.includes(name));
if (variants.length < values.only.length) {
  throw new Error(`--only takes one of: ${VARIANTS.map(({ name }) => `"${name}"`).join(', ')}`);
}

async function start(
  variant: Variant,
  framework: Framework,
  node: string,
  receiver: string,
): Promise<Runner> {
  const file = await buildService(framework, variant.hooked);
  const preload = variant.preload === undefined ? [] : ['--import', variant.preload];
  const process = await startPinned(
    APP_CORE,
    node,
    ['--expose-gc', ...preload, file],
    variant.environment(receiver),
  );
  return { variant, process, driver: await createDriver(process.port, CONNECTIONS) };
}

/** One window; undefined if it was disturbed. */
async function measure({ process, driver }: Runner): Promise<Window | undefined> {
  const [cpu, all] = [process.cpu(), busy(APP_CORE)];
  const began = performance.now();
  const { requests, wrong } = await driver.saturate(WINDOW_MS);
  const rss = process.rss();
  await sleep(SETTLE_MS);
  const used = process.cpu() - cpu;
  const foreign = busy(APP_CORE) - all - used;
  if (foreign > (performance.now() - began) / 1e4) return undefined;
  return { rate: requests / used, cpu: (used / requests) * 1e6, wrong, rss };
}

interface Figures {
  framework: string;
  node: string;
  variant: string;
  windows: number;
  share: number[];
  added: number[];
  wrong: number;
  p50: number[];
  p99: number[];
  rss: number[];
  delivered?: number;
}

async function compare(framework: Framework, node: string, variants: readonly Variant[]): Promise<Figures[]> {
  const receiverFile = resolve('bench/node_modules/.cache/bench/request/receiver.mjs');
  buildSync({
    entryPoints: ['bench/request/receiver.ts'],
    outfile: receiverFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const receiver = await startPinned(LOAD_CORE, process.execPath, [receiverFile]);
  const count = async (): Promise<number> => ((await receiver.ask('count')) as { events: number }).events;
  const url = `http://127.0.0.1:${receiver.port}`;
  const bare = await start(BARE, framework, node, url);
  const runners = await Promise.all(variants.map(async (variant) => start(variant, framework, node, url)));
  const results: Figures[] = variants.map(({ name }) => ({
    framework,
    node,
    variant: name,
    windows: 0,
    share: [],
    added: [],
    wrong: 0,
    p50: [],
    p99: [],
    rss: [],
  }));
  // By turns: a connection that waits for its first request for a minute is closed.
  for (let done = 0; done < WARM_UP_MS; done += WINDOW_MS) {
    for (const { driver } of [bare, ...runners]) await driver.saturate(WINDOW_MS);
  }
  await sleep(SETTLE_MS);
  for (let round = 0; round < rounds; round++) {
    for (const [index, runner] of runners.entries()) {
      const before = await measure(bare);
      const window = await measure(runner);
      const figures = results[index] as Figures;
      if (before === undefined || window === undefined) continue;
      figures.windows++;
      figures.share.push(window.rate / before.rate);
      figures.added.push(window.cpu - before.cpu);
      figures.rss.push(window.rss - before.rss);
      figures.wrong += window.wrong + before.wrong;
    }
  }
  for (let round = 0; round < Math.ceil(rounds / 3); round++) {
    for (const [index, runner] of runners.entries()) {
      const figures = results[index] as Figures;
      const before = await bare.driver.steady(3000, STEADY_RATE);
      const events = await count();
      const { latencies, requests } = await runner.driver.steady(3000, STEADY_RATE);
      figures.p50.push(percentile(latencies, 50) / percentile(before.latencies, 50));
      figures.p99.push(percentile(latencies, 99) / percentile(before.latencies, 99));
      await sleep(SETTLE_MS);
      if (runner.variant.name === 'ReplayStack') figures.delivered = ((await count()) - events) / requests;
    }
  }
  for (const { driver, process } of [bare, ...runners]) {
    driver.close();
    await process.kill();
  }
  await receiver.kill();
  return results;
}

const nodes: Record<string, string> = {
  20: process.execPath,
  24: resolve('bench/node_modules/node24/bin/node'),
};

pinSelf(LOAD_CORE);
const all: Figures[] = [];
for (const framework of values.framework as Framework[]) {
  for (const version of values.node) {
    const node = nodes[version];
    if (node === undefined || !existsSync(node)) throw new Error(`There is no Node ${version} here.`);
    all.push(...(await compare(framework, node, variants)).map((one) => ({ ...one, node: version })));
  }
}

/** What is asked for and hoped for, as a share of bare. */
function barOf({ framework, node, variant }: Figures): string {
  if (variant === 'ReplayStack, dormant') return '0.97 (0.99)';
  if (variant === 'ReplayStack, failures only') return '0.90 (0.95)';
  if (variant !== 'ReplayStack') return '';
  if (framework === 'fastify') return node === '20' ? '0.50 (0.65)' : '';
  return node === '20' ? '0.70 (0.82)' : '0.68 (0.80)';
}

const spread = (numbers: readonly number[], digits = 2): string =>
  [Math.min(...numbers), median(numbers), Math.max(...numbers)].map((one) => one.toFixed(digits)).join(' / ');

if (values.json) console.info(JSON.stringify(all));
else {
  console.info(
    markdown([
      [
        'service',
        'Node',
        'variant',
        'requests per CPU, share of bare',
        'bar (goal)',
        'CPU added per request, µs: 55 (30)',
        'p50, × bare: 1.15 (1.05)',
        'p99, × bare: 1.7 (1.3)',
        'RSS over bare, MiB: 15 (10)',
        'delivered',
        'wrong answers',
        'windows',
      ],
      ...all.map((one) => [
        one.framework,
        one.node,
        one.variant,
        spread(one.share),
        barOf(one),
        spread(one.added, 0),
        spread(one.p50),
        spread(one.p99),
        spread(
          one.rss.map((bytes) => bytes / 2 ** 20),
          0,
        ),
        one.delivered === undefined ? '' : `${(one.delivered * 100).toFixed(1)}%`,
        `${one.wrong}`,
        `${one.windows}`,
      ]),
    ]),
  );
}
