/** Classes that Cloudflare makes instances of: their methods stay as they are, and the report says so. */
import { describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';

const WORKERS =
  "import { DurableObject, RpcTarget, WorkerEntrypoint, WorkflowEntrypoint } from 'cloudflare:workers';";
const METHOD = 'async list() { return await this.ctx.storage.list(); }';

/** Observed functions, and those that are left alone with the reason. */
async function outcome(code: string): Promise<{ observed: string[]; skipped: string[]; isChanged: boolean }> {
  const { targets = [], skipped = [], output } = (await transform(code, 'src/index.ts')) ?? {};
  return {
    observed: targets.map(({ name }) => name),
    skipped: skipped.map(({ name, reason }) => `${name}: ${reason}`),
    isChanged: output !== undefined,
  };
}

describe('what is left alone', () => {
  test.each([
    ['a Durable Object', `${WORKERS} export class Rooms extends DurableObject<Env> { ${METHOD} }`],
    ['an entrypoint', `${WORKERS} export class Rooms extends WorkerEntrypoint { ${METHOD} }`],
    ['a workflow', `${WORKERS} export class Rooms extends WorkflowEntrypoint<Env, Params> { ${METHOD} }`],
    ['what is called from elsewhere', `${WORKERS} export class Rooms extends RpcTarget { ${METHOD} }`],
    ['a static method', `${WORKERS} export class Rooms extends RpcTarget { static ${METHOD} }`],
    [
      'a member that is a function',
      `${WORKERS} export class Rooms extends DurableObject { list = async () => await this.ctx.storage.list(); }`,
    ],
    [
      'by its module',
      `import * as workers from 'cloudflare:workers'; export class Rooms extends workers.DurableObject { ${METHOD} }`,
    ],
    [
      'as CommonJS has it',
      `const { DurableObject: Base } = require('cloudflare:workers'); exports.Rooms = class Rooms extends Base { ${METHOD} }`,
    ],
    [
      'a class that is no declaration',
      `${WORKERS} export const Rooms = class extends DurableObject { ${METHOD} };`,
    ],
    [
      'a class that extends one',
      `${WORKERS} class Base extends DurableObject {} export class Rooms extends Base { ${METHOD} }`,
    ],
    [
      'a class whose base is in another module',
      `import { BaseDurableObject } from './base'; export class Rooms extends BaseDurableObject { ${METHOD} }`,
    ],
    [
      'what a function makes of one',
      `${WORKERS} export class Rooms extends withTools(DurableObject) { ${METHOD} }`,
    ],
    ['an agent', `import { Agent } from 'agents'; export class Rooms extends Agent<Env> { ${METHOD} }`],
    [
      'a server of MCP',
      `import { McpAgent } from 'agents/mcp'; export class Rooms extends McpAgent { ${METHOD} }`,
    ],
    [
      'a container',
      `import { Container } from '@cloudflare/containers'; export class Rooms extends Container { ${METHOD} }`,
    ],
    [
      'a server of PartyServer',
      `import { Server } from 'partyserver'; export class Rooms extends Server<Env> { ${METHOD} }`,
    ],
    ['one by its interface', `export class Rooms implements DurableObject { ${METHOD} }`],
    [
      'one by the type of its state',
      `export class Rooms { constructor(private readonly state: DurableObjectState) {} ${METHOD} }`,
    ],
    [
      'one by its state, its environment and its alarm',
      `export class Rooms { constructor(state, env) { this.state = state; } alarm() {} ${METHOD} }`,
    ],
    [
      'one by what wakes it up',
      `export class Rooms extends Something { webSocketMessage(ws, message) { ws.send('cloudflare'); } ${METHOD} }`,
    ],
  ])('%s', async (_, code) => {
    const skipped = ['Rooms.list: Cloudflare calls it, on a class of a kind of its own'];
    expect(await outcome(code)).toEqual({ observed: [], skipped, isChanged: false });
  });

  test('an entrypoint that is the default export, whatever its methods are called', async () => {
    const code = `${WORKERS} export default class extends WorkerEntrypoint { async fetch(request) { return await answer(request); } }`;
    expect(await outcome(code)).toMatchObject({ observed: [], isChanged: false });
  });
});

describe('what is observed', () => {
  test.each([
    ['a class of the application', 'export class Rooms { async list() { return await this.env.list(); } }'],
    [
      'a service that is given a context and an environment',
      'export class Rooms { constructor(ctx, env) { this.env = env; } async list() { return await this.env.list(); } }',
    ],
    [
      'a class beside an object',
      `${WORKERS} class Object extends DurableObject {} export class Rooms { async list() { return await f(); } }`,
    ],
    [
      'an agent of something else',
      "import { Agent } from './agents'; export class Rooms extends Agent { async list() { return await this.env.f(); } }",
    ],
    [
      'classes in a circle',
      'class A extends B {} class B extends A {} export class Rooms extends B { async list() { return await env.f(); } }',
    ],
    [
      'a method that is asked for',
      `${WORKERS} export class Rooms extends DurableObject { /* @replaystack-capture */ ${METHOD} }`,
    ],
  ])('%s', async (_, code) => {
    expect(await outcome(code)).toEqual({ observed: ['Rooms.list'], skipped: [], isChanged: true });
  });
});
