/** The service without us, with us, and with what else there is. */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import replaystack from 'unplugin-replaystack/esbuild';

export type Framework = 'express' | 'fastify';

export interface Variant {
  name: string;
  /** The file that is run: with the hooks of the build, or as it was written. */
  hooked: boolean;
  /** Loaded before it. */
  preload?: string;
  /** @param receiver where events are to go */
  environment(receiver: string): Record<string, string>;
}

const peers = resolve('bench/request/peers');

const ours = (receiver: string): Record<string, string> => ({
  REPLAYSTACK_API_KEY: 'rs_bench',
  REPLAYSTACK_ENDPOINT: receiver,
});
const sentry = (receiver: string): Record<string, string> => ({
  BENCH_DSN: `${receiver.replace('://', '://key@')}/1`,
});

export const BARE: Variant = { name: 'bare', hooked: false, environment: () => ({}) };

export const VARIANTS: readonly Variant[] = [
  { name: 'ReplayStack', hooked: true, environment: ours },
  { name: 'ReplayStack, dormant', hooked: true, environment: () => ({}) },
  {
    name: 'ReplayStack, failures only',
    hooked: true,
    environment: (receiver) => ({ ...ours(receiver), REPLAYSTACK_CAPTURE_SUCCESS: 'false' }),
  },
  {
    name: 'Sentry, errors',
    hooked: false,
    preload: join(peers, 'sentry.cjs'),
    environment: sentry,
  },
  {
    name: 'Sentry, tracing',
    hooked: false,
    preload: join(peers, 'sentry.cjs'),
    environment: (receiver) => ({ ...sentry(receiver), BENCH_TRACING: '1' }),
  },
  {
    name: 'OpenTelemetry',
    hooked: false,
    preload: join(peers, 'otel.cjs'),
    environment: (receiver) => ({ BENCH_RECEIVER: receiver }),
  },
];

const built = new Map<string, Promise<string>>();

/** Builds the service once and returns the file to run. CommonJS, since the peers hook into `require`. */
export function buildService(framework: Framework, hooked: boolean): Promise<string> {
  const key = `${framework} ${hooked}`;
  const file = built.get(key) ?? bundle(framework, hooked);
  built.set(key, file);
  return file;
}

async function bundle(framework: Framework, hooked: boolean): Promise<string> {
  const outfile = resolve(
    `bench/node_modules/.cache/bench/request/${framework}${hooked ? '-hooked' : ''}.cjs`,
  );
  await build({
    entryPoints: [`bench/request/service/${framework}.ts`],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    plugins: hooked ? [replaystack({ summary: false })] : [],
  });
  return outfile;
}
