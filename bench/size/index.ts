/**
 * What a bundle carries of us, minified by esbuild and packed by gzip, for what an application uses; beside the same for
 * what others need to be started. And which of our files cost what.
 *
 *     npm run bench -- size [--json]
 */
import { gzipSync } from 'node:zlib';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { markdown } from '../markdown.ts';

const HOOKS = 'enter, exit, fail, settle';
const express = `import { ${HOOKS}, expressApp, expressHandler } from 'unplugin-replaystack/runtime';
export { ${HOOKS}, expressApp, expressHandler };`;
const hono = `import { ${HOOKS}, honoApp } from 'unplugin-replaystack/runtime'; export { ${HOOKS}, honoApp };`;
const functions = `export { ${HOOKS} } from 'unplugin-replaystack/runtime';`;

const sentry = `import * as Sentry from '@sentry/node'; Sentry.init({ dsn: process.env.DSN, tracesSampleRate: 1 });`;
const otel = `
import { NodeSDK } from '@opentelemetry/sdk-node';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
new NodeSDK({
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
}).start();`;

interface Row {
  name: string;
  minified: number;
  gzip: number;
  /** Bytes of the minified bundle, by file. */
  files: Record<string, number>;
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** @param source what the application says to have it */
async function measure(name: string, source: string, flavour: 'node' | 'edge' = 'node'): Promise<Row> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: resolve('bench') },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: flavour === 'node' ? 'node' : 'neutral',
    mainFields: ['module', 'main'],
    conditions: [flavour === 'node' ? 'node' : 'workerd'],
    external: ['undici'],
    logLevel: 'error',
    // The package as it is published: the repository's own paths lead to the sources.
    tsconfigRaw: {},
    // From the sources, so that it can be told which of them cost what.
    ...(name.startsWith('by file') && {
      alias: {
        '#platform': resolve(`runtime/platform/${flavour}.ts`),
        'unplugin-replaystack/runtime/build': resolve('runtime/build.ts'),
        'unplugin-replaystack/runtime': resolve('runtime/index.ts'),
      },
    }),
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).map(([file, { bytesInOutput }]) => [
    file,
    bytesInOutput,
  ]);
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    name,
    minified: bytes.length,
    gzip: gzipSync(bytes).length,
    files: Object.fromEntries(files) as Record<string, number>,
  };
}

const rows = [
  await measure('an Express application, Node', express),
  await measure('observed functions alone, Node', functions),
  await measure('a Hono application, edge', hono, 'edge'),
  await measure('observed functions alone, edge', functions, 'edge'),
  await measure('@sentry/node', sentry),
  await measure('OpenTelemetry: SDK, http, Express, OTLP', otel),
];
const bySource = await measure('by file, an Express application', express);

/** Bytes by folder of the runtime. */
function byFolder({ files }: Row): [folder: string, bytes: number][] {
  const sums = new Map<string, number>();
  for (const [file, bytes] of Object.entries(files)) {
    const folder =
      /runtime\/((?:delivery\/spool|delivery\/transport)|\w+(?=\/))?/.exec(file)?.[1] ?? 'itself';
    sums.set(folder, (sums.get(folder) ?? 0) + bytes);
  }
  return [...sums].toSorted(([, a], [, b]) => b - a);
}

const kilo = (bytes: number): string => (bytes / 1000).toFixed(1);
if (values.json) {
  for (const { name, minified, gzip } of rows) console.info(JSON.stringify({ name, minified, gzip }));
  console.info(JSON.stringify(bySource));
} else {
  console.info(
    markdown([
      ['what is bundled', 'minified, kB', 'with gzip, kB', 'bar', 'goal'],
      ...rows.map(({ name, minified, gzip }, index) => [
        name,
        kilo(minified),
        kilo(gzip),
        ...(index < 4 ? ['9', '7'] : ['', '']),
      ]),
    ]),
  );
  console.info('');
  console.info(
    markdown([
      ['runtime/', 'minified, kB', 'share'],
      ...byFolder(bySource).map(([folder, bytes]) => [
        folder,
        kilo(bytes),
        `${Math.round((bytes / bySource.minified) * 100)}%`,
      ]),
    ]),
  );
}
