/** However a server's config leaves node_modules outside of the bundle, the runtime is inside: it carries the release. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { build, type BuildRequest, type BundlerName } from '../support/e2e-bundlers.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { run } from '../support/e2e-service.ts';

const main = `
import { Hono } from 'hono';
import { connect } from './shared.js';
const app = new Hono();
app.get('/', async (context) => context.text(await connect('main')));
console.log(await (await app.request('/')).text());
`;

interface WebpackData {
  context?: string;
  request?: string;
  getResolve?: () => (context: string, request: string) => Promise<string>;
}
type Callback = (error?: null, result?: string) => void;

/** What webpack-node-externals makes of a node_modules with these packages. */
function nodeExternals({ request = '' }: WebpackData, callback: Callback): void {
  const name = /^(@[^/]+\/)?[^/]+/.exec(request)?.[0] ?? '';
  if (['hono', 'express', 'unplugin-replaystack'].includes(name)) callback(null, `module ${request}`);
  else callback();
}

/** Resolves first, as frameworks do, and looks at the path. */
async function resolvedExternals({
  context = '',
  request = '',
  getResolve,
}: WebpackData): Promise<string | undefined> {
  const path = await getResolve?.()(context, request);
  return path?.includes('node_modules') === true ? `module ${request}` : undefined;
}

const esm = {
  output: { module: true, path: '', filename: '[name].mjs' },
  experiments: { outputModule: true },
};

const rollups: [string, Partial<BuildRequest>][] = [
  ['a function for all that is not relative', { external: (id: string) => !/^[./]/.test(id) }],
  ['a pattern for resolved paths', { external: /node_modules/ }],
  ['a list with a pattern for all package names', { external: ['express', /^[a-z@]/] }],
];
const webpacks: [string, Partial<BuildRequest>][] = [
  ['a function for the packages of node_modules', { external: nodeExternals, config: esm }],
  ['an async function that looks at resolved paths', { external: resolvedExternals, config: esm }],
  [
    'a list with a pattern',
    { external: ['express', /^[a-z@]/], config: { ...esm, externalsType: 'module' } },
  ],
];
const table: [BundlerName, string, Partial<BuildRequest>][] = [
  ...(['vite', 'rollup', 'rolldown'] as const).flatMap((bundler) =>
    rollups.map(([title, request]): (typeof table)[0] => [bundler, title, request]),
  ),
  ['vite', 'ssr.external: true', { config: { ssr: { external: true } } }],
  ['vite', 'ssr.noExternal: true', { config: { ssr: { noExternal: true } } }],
  ...(['webpack', 'rspack'] as const).flatMap((bundler) =>
    webpacks.map(([title, request]): (typeof table)[0] => [bundler, title, request]),
  ),
  ['esbuild', "packages: 'external'", { external: [], config: { packages: 'external' } }],
  ['esbuild', 'a wildcard', { external: ['hono', 'unplugin-*'] }],
];

let receiver: Receiver;
/** A machine on which the plugin is not installed. */
let elsewhere: string;

beforeAll(async () => {
  receiver = await startReceiver();
  elsewhere = mkdtempSync(join(tmpdir(), 'replaystack-elsewhere-'));
  mkdirSync(join(elsewhere, 'node_modules'));
  symlinkSync(join(inject('workspace'), 'node_modules/hono'), join(elsewhere, 'node_modules/hono'));
});

afterAll(async () => {
  await receiver?.close();
  rmSync(elsewhere, { recursive: true, force: true });
});

function deploy(project: Project, folder: string): string {
  const target = join(elsewhere, folder);
  cpSync(project.path('dist'), target, { recursive: true });
  return target;
}

test.each(table)('%s with %s', async (bundler, title, request) => {
  const project = createProject('apps/chunks', { 'src/main.js': main });
  const config = { ...request.config };
  if ('output' in config) config.output = { ...esm.output, path: project.path('dist') };
  const { files } = await build(project, bundler, {
    entry: { main: './src/main.js' },
    minify: false,
    ...request,
    config,
  });
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith('.map')) continue;
    // The runtime's own comments show how it is imported.
    const lines = text.split('\n').filter((line) => !/^\s*\*/.test(line));
    const imports = lines.filter((line) =>
      /(?:from|import|require)\s*\(?\s*["']unplugin-replaystack/.test(line),
    );
    expect(imports).toEqual([]);
  }

  const folder = deploy(project, `${bundler}-${title.replaceAll(/\W+/g, '-')}`);
  const { code, stdout, stderr } = await run(folder, [join(folder, 'main.mjs')], {
    REPLAYSTACK_API_KEY: 'rs_test',
    REPLAYSTACK_ENDPOINT: receiver.url,
    REPLAYSTACK_ENVIRONMENT: folder,
  });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'main:1\n', stderr: '' });
  const { commitHash, metadata } = await receiver.waitFor(({ environment }) => environment === folder);
  expect({ commitHash, metadata }).toEqual({
    commitHash: project.commit,
    metadata: { framework: 'hono', route: '/' },
  });
});
