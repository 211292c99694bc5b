/** Programs with many copies of what they call: as it is and as the plugin rewrites it, in one bundle. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import replaystack from 'unplugin-replaystack/esbuild';

const KINDS = {
  'computes a value': 'priceOrder',
  'awaits another': 'describeOrder',
  'returns a promise': 'countLines',
};

// Inside the checkout, so that what is external is found.
const cache = resolve('bench/node_modules/.cache/hook');

/** The child, with so many copies of the service, a module each. @returns the file to run */
export async function bundleService(copies: number): Promise<string> {
  const folder = join(cache, 'service');
  const source = await readFile('bench/hook/service.ts', 'utf8');
  const lines: string[] = [];
  for (const set of ['bare', 'observed']) {
    await mkdir(join(folder, set), { recursive: true });
    for (let copy = 0; copy < copies; copy++) {
      await writeFile(join(folder, set, `service-${copy}.ts`), source);
      lines.push(`import * as ${set}${copy} from './${set}/service-${copy}.ts';`);
    }
    const kinds = Object.entries(KINDS).map(([kind, name]) => {
      const works = Array.from({ length: copies }, (_, copy) => `${set}${copy}.${name}`);
      return `${JSON.stringify(kind)}: [${works.join()}]`;
    });
    lines.push(`export const ${set} = { ${kinds.join(', ')} };`);
  }
  return bundle(folder, 'child.ts', lines.join('\n'), /\/observed\//);
}

/** The application of growth.ts with so many functions. @returns the file to run */
export async function bundleApplication(functions: number, hooked: boolean): Promise<string> {
  const folder = join(cache, `${hooked ? 'hooked' : 'bare'}-${functions}`);
  const names = Array.from({ length: functions }, (_, index) => `add${index}`);
  const bodies = names.map(
    (name, index) => `export async function ${name}(id: number): Promise<number> { return id + ${index}; }`,
  );
  const lists = ['bare', 'observed'].map((set) => `export const ${set} = { functions: [${names.join()}] };`);
  await mkdir(folder, { recursive: true });
  return bundle(
    folder,
    'growth-application.ts',
    [...bodies, ...lists].join('\n'),
    hooked ? /functions\.ts|growth-/ : undefined,
  );
}

async function bundle(
  folder: string,
  program: string,
  functions: string,
  include: RegExp | undefined,
): Promise<string> {
  const path = join(folder, 'functions.ts');
  const outfile = join(folder, 'program.mjs');
  await writeFile(path, functions);
  await build({
    entryPoints: [resolve('bench/hook', program)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['@sentry/*', '@opentelemetry/*', 'undici', 'express'],
    plugins: [
      {
        name: 'functions',
        setup: (context) => void context.onResolve({ filter: /\/functions\.ts$/ }, () => ({ path })),
      },
      replaystack({ enabled: include !== undefined, include: include ?? [], exclude: [], summary: false }),
    ],
  });
  return outfile;
}
