/**
 * Elysia reads the text of functions that it is given to find out what to prepare for them. What it finds must be the same in the
 * text of those that are observed: exported ones, since handlers that stand where they are registered are left as they are.
 */
import { runInNewContext } from 'node:vm';
import { sucrose } from 'elysia/sucrose';
import type { TransformOptions } from 'esbuild';
import { transform as print } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';

const functions: Record<string, string> = {
  'nothing is asked for': 'async () => {\n  return await db.all();\n}',
  'what is destructured': 'async ({ body, query: { page }, set }) => {\n  return db.save(body, page);\n}',
  'an expression': 'async ({ params, cookie: { session } }) => db.find(params.id, session.value)',
  'what the context is asked for': 'async (context) => {\n  return await db.save(context.body);\n}',
  'an alias of the context': 'async (c) => {\n  const all = c;\n  return db.find(all.query);\n}',
  'the context is handed on': 'async (context) => {\n  return await db.handle(context);\n}',
  'the rest of the context': 'async ({ body, ...rest }) => {\n  return db.save(body, rest.url);\n}',
  'the request itself': 'async ({ request }) => {\n  return db.save(await request.json());\n}',
  'a function': 'async function create({ body, path }) {\n  return await db.save(body, path);\n}',
  'a generator': 'async function* pieces({ query }) {\n  yield* db.all(query);\n}',
};

const inLines: Record<string, string> = {
  'what is taken from the context': 'async (c) => {\n  const { headers } = c;\n  return db.find(headers);\n}',
  'a method': '{ async create({ body }) {\n  return await db.save(body);\n} }',
  'a method with the context': '{ async create(context) {\n  return await db.save(context.body);\n} }',
  'a static method': 'class { static async create({ body, set }) {\n  return await db.save(body, set);\n} }',
};

/** Of Elysia's own advice: names are to stay. */
const printers: [name: string, options: TransformOptions | undefined][] = [
  ['as it is written', undefined],
  ['as a bundler prints it', {}],
  ['without white space', { minifyWhitespace: true, minifySyntax: true }],
];

async function inferred(code: string, options: TransformOptions | undefined): Promise<unknown> {
  const text = options === undefined ? code : (await print(code, options)).code;
  const exports: { orders?: unknown } = {};
  runInNewContext(text, { exports, require: () => ({}), db: {} });
  const { orders = {} } = exports;
  return sucrose({
    handler: typeof orders === 'function' && !('create' in orders) ? orders : Object(orders).create,
  });
}

async function check(value: string, options: TransformOptions | undefined): Promise<void> {
  const code = `exports.orders = ${value};\n`;
  const observed = (await transform(code, 'src/orders.cjs'))?.output?.code;
  expect(observed).toContain('src/orders.cjs:1:');
  expect(await inferred(observed as string, options)).toEqual(await inferred(code, options));
}

describe.each(printers)('Elysia finds the same %s', (_, options) => {
  test.each(Object.entries(functions))('in %s', async (_, value) => await check(value, options));
});

// Of what is in a single line, Elysia takes too much for parameters and names.
describe.each(printers.slice(0, 2))('Elysia finds the same %s', (_, options) => {
  test.each(Object.entries(inLines))('in %s', async (_, value) => await check(value, options));
});

test.each([
  "import type { Context } from 'elysia';\nexport const create = async (c: Context) => db.save(c.body);",
  "import { Elysia } from 'elysia';\nexport async function create({ body }: { body: Order }) {\n  return db.save(body);\n}",
])('what may be a handler is left alone where Elysia is imported', async (code) => {
  const result = await transform(code, 'src/orders.ts');
  expect(result?.output).toBeUndefined();
  expect(result?.skipped).toEqual([expect.objectContaining({ reason: 'its source is read by Elysia' })]);
});
