/** Handlers of conventions: what a module must have for one to be recognised, and what is left alone. */
import { expect, test } from 'vitest';
import { transformModule } from '../../../src/transform/index.ts';
import type { TransformResult } from '../../../src/transform/index.ts';
import { conventions } from '../../../src/transform/conventions/index.ts';
import { defaults } from '../../support/transform-fixtures.ts';

function transform(code: string, file: string): Promise<TransformResult | undefined> {
  return transformModule(code, `/project/${file}`, file, { ...defaults, functions: false });
}

test.each([
  ['src/a.ts', 'export const handler = (event) => load(event);', 'handler'],
  ['src/a.ts', 'export async function handler(event, context) { await load(event); }', 'handler'],
  ['src/a.ts', 'export { run as "handler" }; const run = lambda();', 'handler'],
  ['src/a.cjs', 'module.exports = { a() {}, handler: (event) => load(event) };', 'handler'],
  ['src/a.ts', "import type { SQSHandler } from 'aws-lambda'; export const main: SQSHandler = run;", 'main'],
  ['src/a.ts', "import { Handler } from 'aws-lambda'; export const list: Handler<A, B> = run;", 'list'],
  ['src/a.ts', "import * as l from 'aws-lambda'; export const one: l.SQSHandler = wrap(run);", 'one'],
  ['src/a.ts', "import { middyfy } from '@libs/lambda'; export const main = middyfy(hello);", 'main'],
  ['src/a.js', "import m from '@middy/core'; export const main = m(hello).use(own());", 'main'],
  ['api/a.ts', 'export const POST = (request: Request) => load(request);', 'POST /api/a'],
  ['api/index.js', 'export default function (req, res) { load(req, res); }', 'default /api'],
  ['api/a.cjs', 'module.exports = (req, res) => load(req, res);', 'default /api/a'],
  ['netlify/edge-functions/a/index.ts', 'export default (request: Request) => load(request);', 'default'],
  ['src/a.ts', 'const app = { fetch() {} }; export { app as default };', 'default'],
  ['src/a.ts', 'export default { async queue(batch) { await load(batch); } };', 'default'],
  ['src/a.ts', 'import "./b.ts"; Deno.serve({ port: 1 }, (request) => load(request));', 'serve'],
  ['src/a.ts', 'import "./b.ts"; declare const Bun: any; Bun.serve({ fetch: load });', 'serve'],
  ['src/a.ts', "import * as f from '@google-cloud/functions-framework'; f.http('hi', hi);", 'http hi'],
  ['a.cjs', "const { http: on } = require('@google-cloud/functions-framework'); on('hi', hi);", 'http hi'],
])('%s: %s', async (file, code, name) => {
  const { targets = [], output } = (await transform(code, file)) ?? {};
  expect(targets.map((target) => target.name)).toEqual([name]);
  expect(output).toBeDefined();
});

test.each([
  ['src/a.ts', 'export const handlers = { a: 1 }; export const other = (event) => event;'],
  ['src/a.ts', 'export async function handler(event) { await load(event); }'],
  ['src/a.ts', 'export async function handler(request) { await load(request); }'],
  ['src/a.ts', "import { SQSEvent } from 'aws-lambda'; export const first = (event: SQSEvent) => event;"],
  ['src/a.ts', "import { SQSEvent } from 'aws-lambda'; export const made: SQSEvent = own(handler);"],
  ['src/a.ts', "import { Handler } from 'own'; export const list: Handler = run;"],
  ['src/a.ts', 'export const main = run(context);'],
  ['src/a.ts', "import 'lambda'; export const main = async (event) => { await load(event); };"],
  ['src/a.ts', "import 'lambda'; export async function main(event) { await load(event); }"],
  ['src/a.ts', 'export class handler {} export type Handler = string;'],
  ['src/a.ts', 'export default { fetcher: 1, data() {} };'],
  ['src/a.ts', 'export default class extends WorkerEntrypoint { fetch(request) { return load(request); } }'],
  ['src/a.ts', 'export default withIt({ fetch: (request) => load(request) });'],
  ['src/api/a.ts', 'export default function handler(req, res) { load(req, res); }'],
  ['src/api/a.ts', 'export const GET = (request) => load(request);'],
  ['src/a.ts', 'import "./b.ts"; const Bun = own(); Bun.serve({ fetch: load });'],
  ['src/a.ts', "import { http } from 'other'; http('@google-cloud/functions-framework', load);"],
])('left alone: %s: %s', async (file, code) => {
  expect((await transform(code, file))?.targets ?? []).toEqual([]);
});

test('a declared handler with a callback is left alone, and the report says so', async () => {
  const code = 'export function handler(event, context, callback) { callback(null, event); }';
  expect((await transform(code, 'src/a.ts'))?.skipped).toMatchObject([
    { name: 'handler', reason: 'declared with a callback' },
  ]);
});

test('a declared handler with nothing in it is still one', async () => {
  expect((await transform('export async function GET() {}', 'api/a.ts'))?.output?.code).toContain(
    'export async function GET() {return $rsVercelHandler("GET","/api/a",{GET:async()=>{}}.GET,arguments)}',
  );
});

test('hints match few of the modules that have nothing for them', () => {
  for (const code of [
    'export const a = 1;',
    'export function load(handler) { return handler; }',
    'export default Component;',
    'export default { name: "component", data: () => ({}) };',
    'const server = http.createServer(); server.listen(1);',
  ]) {
    expect([code, conventions.filter(({ hint }) => hint.test(code))]).toEqual([code, []]);
  }
});
