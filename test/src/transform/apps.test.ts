/** Which calls register handlers: by what the module says of the owner, and by its name where it says nothing. */
import { describe, expect, test } from 'vitest';
import { transform } from '../../support/transform-fixtures.ts';

/** What is found, as `kind name (frameworks)`. */
async function found(code: string, file = 'a.ts'): Promise<string[]> {
  const result = await transform(code, file, { functions: false });
  return (result?.targets ?? []).map(
    ({ kind, name, frameworks = [] }) => `${kind} ${name} (${frameworks.join(', ')})`,
  );
}

describe('an app that the module makes', () => {
  test.each([
    ["import express from 'express'; const a = express(); a.get('/x', h);"],
    ["import * as express from 'express'; const a = express(); a.get('/x', h);"],
    ["import express = require('express'); const a = express(); a.get('/x', h);"],
    ["import { default as make } from 'express'; const a = make(); a.get('/x', h);"],
    ["const express = require('express'); const a = express(); a.get('/x', h);"],
    ["const a = require('express')(); a.get('/x', h);"],
    ["const { default: express } = await import('express'); const a = express(); a.get('/x', h);"],
    ["const express = (await import('express')).default; const a = express(); a.get('/x', h);"],
    ["import express from 'express'; let a; a = express(); a.get('/x', h);"],
    ["import express from 'express'; const a = b = express(); a.get('/x', h);"],
    ["import express from 'express'; const a = express() as any; (a as any).get('/x', h);"],
    ["import express from 'express'; const a = given ?? express(); a.get('/x', h);"],
    ["import express from 'express'; const a = express(), b = a; b.get('/x', h);"],
    ["import express from 'express'; const a = given ? given : express(); a.get('/x', h);"],
    ["import express from 'express'; export function f(a = express()) { a.get('/x', h); }"],
    ["import express from 'express'; express().get('/x', h);"],
    ["import express from 'express'; const a = express().use(m); a.get('/x', h);"],
    ["import express from 'express'; const a = b ? express() : undefined; a?.get('/x', h);"],
    ["import express from 'express'; const a = express(); const c = a?.use(m); c.get('/x', h);"],
    ["import express from 'express'; const a = express(); a?.get('/y', h)?.get('/x', h);"],
    ["import express from 'express'; const a = express(); (a?.use(m)).get('/x', h);"],
  ])('%s', async (code) => {
    const targets = await found(code);
    expect(targets).toContain('app express (express)');
    expect(targets).toContain('route GET /x (express)');
  });

  test.each([
    ['createExpressServer', 'express'],
    ['createKoaServer', 'koa'],
  ])('and has made for it by routing-controllers: %s', async (make, framework) => {
    const code = `import { ${make} } from 'routing-controllers'; export const app = ${make}({ controllers });`;
    expect(await found(code)).toEqual([`app ${framework} (${framework})`]);
  });

  test.each([
    "import { Router } from 'express'; const a = Router(); a.get('/x', h);",
    "import express from 'express'; const a = new express.Router(); a.get('/x', h);",
    "const { Router } = require('express'); const a = Router(); a.get('/x', h);",
    "const express = require('express'); const { Router: R } = express; const a = R(); a.get('/x', h);",
    "import express from 'express'; express.Router().get('/x', h);",
    "import { Router } from 'express'; class A { r = Router(); m() { this.r.get('/x', h); } }",
    "import { Router } from 'express'; class A { #r = Router(); m() { this.#r.get('/x', h); } }",
    "import { Router } from 'express'; class A { constructor() { this.r = Router(); this.r.get('/x', h); } }",
    "import { Router } from 'express'; Router().route('/x').get(h);",
    "import { Router } from 'express'; class A { r = Router(); m() { this.r?.route('/x')?.get(h); } }",
  ])('a router: %s', async (code) => {
    expect(await found(code)).toEqual(['route GET /x (express)']);
  });

  test.each([
    "import type { Express } from 'express'; (a: Express) => a.get('/x', h);",
    "import type { Router as R } from 'express'; function f(a: R) { a.get('/x', h); }",
    "import type express from 'express'; (a: express.Application) => a.get('/x', h);",
    "import { Express } from 'express'; class A { constructor(private readonly b: Express) { this.b.get('/x', h); } }",
    "import { Express } from 'express'; class A { b!: Express; c() { this.b.get('/x', h); } }",
    "import { Express } from 'express'; declare const a: Express; a.get('/x', h);",
    "import { Express } from 'express'; ({ a }: { a: Express }) => a.get('/x', h);",
    "import { Express } from 'express'; ({ b: a = make() }: { b: Express; c: string }) => a.get('/x', h);",
    "import { Express } from 'express'; (a: Express | undefined) => a!.get('/x', h);",
    "import { Express } from 'express'; (a: (Express & { extra: string })) => a.get('/x', h);",
    "export default (a: import('express').Express) => a.get('/x', h);",
  ])('by its type: %s', async (code) => {
    expect(await found(code)).toEqual(['route GET /x (express)']);
  });
});

describe("Hono's", () => {
  test.each([
    "import { createFactory } from 'hono/factory'; const f = createFactory(); const a = f.createApp(); a.get('/x', h);",
    "import { createFactory } from 'hono/factory'; createFactory<Env>().createApp().get('/x', h);",
    "import { Factory } from 'hono/factory'; const a = new Factory().createApp(); a.get('/x', h);",
    "const { createFactory } = require('hono/factory'); const a = createFactory().createApp(); a.get('/x', h);",
    "import { Hono } from 'hono'; class Api extends Hono {} const a = new Api(); a.get('/x', h);",
  ])('apps: %s', async (code) => {
    expect(await found(code)).toEqual(['app hono (hono)', 'route GET /x (hono)']);
  });

  test('factories make other things too', async () => {
    const code =
      "import { createFactory } from 'hono/factory'; const f = createFactory(); const a = f.createHandlers(h); a.get('/x', h);";
    expect(await found(code)).toEqual([]);
  });
});

describe("tRPC's roots", () => {
  test.each([
    "import { initTRPC } from '@trpc/server'; const t = initTRPC.context<C>().meta<M>().create();",
    "import { initTRPC } from '@trpc/server'; const base = initTRPC.context<C>(); const t = base.create();",
    "import { initTRPC } from '@trpc/server'; const a = initTRPC.context<C>(), b = a.meta<M>(); export default b.create();",
    "const trpc = require('@trpc/server'); const base = trpc.initTRPC; module.exports = base.create();",
    `import { initTRPC } from '@trpc/server';
     function a() { const base = initTRPC.context<C>(); return base.create(); }
     function b() { const base = new Users(); return base.create(); }`,
  ])('are made: %s', async (code) => {
    expect(await found(code)).toEqual(['app trpc (trpc)']);
  });

  test.each([
    "import { initTRPC } from '@trpc/server'; const base = initTRPC.context<C>(); const other = base.create; other();",
    'const a = b.context(), b = a.context(); export default a.create();',
  ])('are not: %s', async (code) => {
    expect(await found(code)).toEqual([]);
  });

  test('have callers, which create other things', async () => {
    const code = `import { initTRPC } from '@trpc/server';
      const t = initTRPC.create(); const users = t.router({ create }); const caller = users.createCaller({});
      export const ada = await caller.create({ name: 'Ada' });`;
    expect(await found(code)).toEqual(['app trpc (trpc)']);
  });
});

describe("Fastify's apps", () => {
  test.each([
    "import fastify from 'fastify'; const a = fastify(); a.get('/x', h);",
    "import Fastify from 'fastify'; const a = Fastify({ logger: true }); a.get('/x', { schema }, h);",
    "import { fastify } from 'fastify'; const a = fastify(); a.get('/x', h);",
    "import * as f from 'fastify'; const a = f.fastify(); a.get('/x', h);",
    "import * as fastify from 'fastify'; const a = fastify.default(); a.get('/x', h);",
    "const fastify = require('fastify'); const a = fastify(); a.get('/x', h);",
    "const a = require('fastify')({ logger: true }); a.get('/x', h);",
    "const { fastify } = require('fastify'); const a = fastify(); a.get('/x', h);",
    "const fastify = require('fastify')(); fastify.get('/x', h);",
    "import fastify from 'fastify'; const a = fastify().withTypeProvider<Types>(); a.get('/x', h);",
    "import fastify from 'fastify'; const b = fastify(); const a = b.withTypeProvider(); a.get('/x', h);",
    "import fastify from 'fastify'; const a = fastify().register(cors); a.get('/x', h);",
    "import fastify from 'fastify'; fastify().get('/x', h);",
  ])('are made: %s', async (code) => {
    expect(await found(code)).toEqual(['app fastify (fastify)', 'route GET /x (fastify)']);
  });

  test.each([
    "import type { FastifyInstance } from 'fastify'; export default async (a: FastifyInstance) => { a.get('/x', h); };",
    "module.exports = async function (fastify, options) { fastify.get('/x', h); };",
  ])('or handed to a plugin: %s', async (code) => {
    expect(await found(code)).toEqual(['route GET /x (fastify)']);
    expect((await transform(code, 'a.ts', { functions: false }))?.output).toBeUndefined();
  });

  test('leave their handlers as they are, but for the observation of async ones', async () => {
    const code = "import fastify from 'fastify';\nfastify().get('/a', h).get('/b', async () => await b());\n";
    const { output } = (await transform(code)) ?? {};
    expect(output?.code).toContain("$rsFastifyApp(fastify()).get('/a', h).get('/b', async () =>{const $rs=");
    expect(output?.code).not.toMatch(/Express|Hono/);
  });

  test.each([
    ["a.route({ method: 'GET', url: '/x', handler: h })", ['route GET /x (fastify)']],
    ["a.route({ method: ['GET', 'PUT'], path: '/x', handler() {} })", ['route GET,PUT /x (fastify)']],
    ['a.route({ method, url, handler: h })', ['route route (fastify)']],
    ["a.get('/x', { schema, handler: h })", ['route GET /x (fastify)']],
    ["a.addHook('onSend', h)", ['middleware addHook onSend (fastify)']],
    ['a.setErrorHandler(h)', ['middleware setErrorHandler (fastify)']],
    ["a.route('/x')", []],
    ['a.route({ ...options })', []],
    ["a.route({ method: 'GET', url: '/x' })", []],
    ["a.inject({ method: 'GET', url: '/x' }, h)", []],
    ["a.get('/x', { schema })", []],
  ])('have routes and hooks: %s', async (code, expected) => {
    const module = `import fastify from 'fastify'; const a = fastify(); ${code};`;
    expect(await found(module)).toEqual(['app fastify (fastify)', ...expected]);
  });

  test.each([
    ["fastify.addHook('onSend', h); fastify.get('/x', h);", 2],
    ["fastify.route({ method: 'GET', url: '/x', handler: h });", 1],
    ["app.route({ method: 'GET', url: '/x', handler: h });", 1],
    ["fastify.route({ method: 'GET', url, handler: h });", 0],
    ["fastify.addHook('onSend', h);", 0],
    ["app.route('/x', other); app.route('/x');", 0],
    ["router.route({ url: '/x', handler: h });", 0],
  ])('are known by their name if a path speaks for it: %s', async (code, count) => {
    expect(await found(`module.exports = async function (fastify, app, router) { ${code} };`)).toHaveLength(
      count,
    );
  });

  test('have functions in objects observed', async () => {
    const code = `
      import fastify from 'fastify';
      fastify().route({ method: 'GET', url: '/a', async handler() { await a(); }, preHandler: [async () => { await b(); }] })
        .get('/b', { onRequest: async () => { await c(); }, config: { load: async () => { await d(); } } }, h)
        .addHook('onSend', async (request, reply, payload) => { await e(payload); });
    `;
    const result = await transform(code, 'a.js');
    const names = result?.targets.filter(({ kind }) => kind === 'function').map(({ name }) => name);
    expect(names).toEqual(['GET /a', 'GET /a', 'GET /b', 'addHook onSend']);
    expect(result?.output?.code).toContain('async handler() {const $rs=');
  });

  test.each([
    "import { fastify } from './fastify'; export const a = fastify();",
    "import mercurius from 'mercurius'; const a = mercurius(); a.get('/x', h);",
    "import inject from 'light-my-request'; inject(dispatch).get('/x').end(h);",
    "import { fastifyPlugin } from 'fastify-plugin'; export default fastifyPlugin((a) => a.get('/x', h));",
    "import type { FastifyReply } from 'fastify'; export const send = (reply: FastifyReply) => reply.send('x');",
    "import type fastify from 'fastify'; declare const make: typeof fastify;",
    "import { errorCodes } from 'fastify'; errorCodes();",
    'function fastify() { return new Map(); } const a = fastify(); a.get(key, h);',
  ])('and nothing else is one: %s', async (code) => {
    expect(await found(code)).toEqual([]);
  });
});

describe('an app that a method of an export makes', () => {
  test.each([
    "import { NestFactory } from '@nestjs/core'; const a = await NestFactory.create(App);",
    "import { NestFactory as N } from '@nestjs/core'; void N.create<NestExpressApplication>(App, new Adapter());",
    "import * as core from '@nestjs/core'; void core.NestFactory.create(App);",
    "const { NestFactory } = require('@nestjs/core'); NestFactory.create(App).then(start);",
    "const core_1 = require('@nestjs/core'); async function f() { await core_1.NestFactory.create(App); }",
  ])('%s', async (code) => {
    expect(await found(code)).toEqual(['app nestjs (nestjs)']);
  });

  test.each([
    "import { NestFactory } from '@nestjs/core'; void NestFactory.createMicroservice(App);",
    "import { NestFactory } from './factories'; void NestFactory.create(App);",
    "import { Reflector } from '@nestjs/core'; void Reflector.create(App);",
    "import { NestFactory } from '@nestjs/core'; const a = await NestFactory.create(App); a.get(Service); a.use(m);",
  ])('and not what looks like one: %s', async (code) => {
    expect(await found(code)).toEqual(code.includes('a.get') ? ['app nestjs (nestjs)'] : []);
  });
});

describe('an app that comes from elsewhere', () => {
  test.each([
    "export default (app) => { app.get('/x', h); };",
    "import { app } from './app'; app.get('/x', h);",
    "import { app } from './app'; app?.get('/x', h);",
    "export default class { constructor(app) { this.app = app; } routes() { this.app?.get('/x', h); } }",
    "const app = createApp(); app.get('/x', h); module.exports = app;",
    "const app = await createApp(); app.get('/x', h);",
    "const app = require('./app'); app.get('/x', h);",
    "const { app } = await import('./app'); app.get('/x', h);",
    "module.exports = ({ app }) => app.get('/x', h);",
    "import { app } from 'src/app'; app.get('/x', h);",
    "import { server } from './server'; const app = server.createApp(); app.get('/x', h);",
    "module.exports = class { constructor(app) { this.app = app; } routes() { this.app.get('/x', h); } };",
  ])('is known by its name: %s', async (code) => {
    expect(await found(code, 'a.js')).toEqual(['route GET /x (express, fastify, hono)']);
  });

  test.each([
    "import router from '../router.js'; router.get('/x', h);",
    "import { usersRouter } from '@/routers'; usersRouter.get('/x', h);",
    "import { router } from './router'; router.route('/x').get(h);",
    "module.exports = class { #router; constructor(router) { this.#router = router; this.#router.get('/x', h); } };",
  ])('as is a router, which Fastify has none of: %s', async (code) => {
    // Koa's routers have no routes without a method.
    const names = code.includes('route(') ? 'express, hono' : 'express, hono, koa';
    expect(await found(code, 'a.js')).toEqual([`route GET /x (${names})`]);
  });

  test.each([
    "import { app } from 'electron'; app.on('ready', h); app.get('/x', h);",
    "import restana from 'restana'; const app = restana(); app.get('/x', h);",
    "import type { Restana } from 'restana'; export default (app: Restana) => app.get('/x', h);",
    "const app = require('some-framework'); app.get('/x', h);",
    "const { app } = require('electron'); app.get('/x', h);",
    "import restana from 'restana'; const app = restana().use(m); app.get('/x', h);",
    "import restana from 'restana'; const server = restana(); const app = server.use(m); app.get('/x', h);",
    "import { chromium } from 'playwright'; const app = await (await chromium.launch()).newPage(); app.get('/x', h);",
    "import { router } from './router'; router.route('x').get(h);",
    "import { router } from './router'; router.route(name).get(h);",
    "class A { get app() { return make(); } routes() { this.app.get('/x', h); } } export {};",
    "import restana from 'restana'; class A { app = restana(); routes() { this.app.get('/x', h); } }",
    "const app = new App(); app.get('/x', h); export {};",
    "const app = { get() {} }; app.get('/x', h); export {};",
    "export default (client) => client.get('/x', h);",
    "export default (app) => app.get('x', h);",
    "export default (app) => app.get('/x');",
    "export default (app) => app.get('/x', { option: true });",
    'export default (app) => app.use(plugin);',
    "export default (app) => app.on('ready', h);",
    "export default (app) => app.inject().get('/x', h);",
    "export default (app) => app['get']('/x', h);",
    "export default (app) => app.get?.('/x', h);",
    "export default (app) => app?.use(m).get('/x', h);",
    "export default (app) => app?.inner.get('/x', h);",
    "export default (app) => app?.['get']('/x', h);",
  ])('unless something else is known of it: %s', async (code) => {
    expect(await found(code, 'a.ts')).toEqual([]);
  });

  test.each([
    "import { app } from 'electron'; app.get('/x', h);",
    "import restana from 'restana'; const app = restana(); app.get('/x', (a, b) => b.end());",
    "import restana from 'restana'; class A { #app = restana(); routes() { this.#app.get('/x', h); } }",
    "const usersRouter = new Map(); usersRouter?.get('/x', h); export {};",
  ])('which the report tells of what goes by the name of an app: %s', async (code) => {
    const { output, skipped } = (await transform(code, 'a.ts', { functions: false })) ?? {};
    expect(output).toBeUndefined();
    expect(skipped).toMatchObject([
      {
        name: 'GET /x',
        reason: 'nothing here tells that it is called on an app or a router of a framework that is known',
      },
    ]);
  });

  test('and of nothing else, or if a pragma says that it is to be left alone', async () => {
    const client = "import { client, app } from 'electron'; client.get('/x', h); app.on('ready', h);";
    expect(await transform(client, 'a.ts', { functions: false })).toBeUndefined();
    const ignored = "import { app } from 'electron';\n// @replaystack-ignore\napp.get('/x', h);";
    const { skipped, problems } = (await transform(ignored, 'a.ts', { functions: false })) ?? {};
    expect(skipped).toMatchObject([{ name: 'GET /x', reason: 'ignored by a pragma' }]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['app.get(/^\\/x/, h)', 'GET /^\\/x/'],
    ["app.get(['/a', '/b'], h)", 'GET /a,/b'],
    ['app.get(`/x/${id}`, h)', 'GET /x/${…}'],
    ['app.get(`${prefix}/x`, h)', 'GET ${…}/x'],
  ])('and by a path of whichever kind: %s', async (code, name) => {
    expect(await found(`module.exports = (app) => ${code};`, 'a.js')).toEqual([
      `route ${name} (express, fastify, hono)`,
    ]);
  });

  test.each(['app.get(`x${id}`, h)', 'app.get([], h)', "app.get(['x'], h)", 'app.get(path, h)'])(
    'and not without one: %s',
    async (code) => {
      expect(await found(`module.exports = (app) => ${code};`, 'a.js')).toEqual([]);
    },
  );

  test('middleware belongs to it if something with a path does', async () => {
    expect(
      await found("export default (app) => { app.use(log); app.use(make()); app.get('/x', h); };", 'a.js'),
    ).toEqual(['middleware use (express, hono, koa)', 'route GET /x (express, fastify, hono)']);
  });
});

describe('what is imported by a name', () => {
  const packages = new Set(['restana', '@scope/kit', 'lib']);
  const ofProject = async (code: string): Promise<string[]> => {
    const result = await transform(code, 'a.ts', { functions: false, packages });
    return (result?.targets ?? []).map(({ name }) => name);
  };

  test.each([
    "import { app } from '@app/core'; app.get('/x', h);",
    "import app from 'core'; app.get('/x', h);",
    "import { router } from 'server/v2'; router.get('/x', h);",
    "import { app } from '@scope/core'; app.get('/x', h);",
    "import { app } from '/src/app.ts'; app.get('/x', h);",
    "import { createApp } from 'core/app'; const app = createApp(); app.get('/x', h);",
    "import type { App } from '@app/types'; export default (app: App) => app.get('/x', h);",
    "const { app } = require('core'); app.get('/x', h);",
  ])("is the project's own if it is no package of it: %s", async (code) => {
    expect(await ofProject(code)).toEqual(['GET /x']);
    expect(await found(code)).toEqual([]);
  });

  test.each([
    "import { app } from 'restana'; app.get('/x', h);",
    "import { app } from 'restana/app'; app.get('/x', h);",
    "import { app } from '@scope/kit/app'; app.get('/x', h);",
    "import { app } from 'lib/v2'; app.get('/x', h);",
    "import { app } from 'http'; app.get('/x', h);",
    "import { app } from 'node:test/app'; app.get('/x', h);",
    "import { app } from 'virtual:app'; app.get('/x', h);",
  ])('is not, if it is: %s', async (code) => {
    expect(await ofProject(code)).toEqual([]);
  });

  test('of a job as well', async () => {
    const code = "import { channel } from '@app/queues'; channel.consume('q', f);";
    expect(await ofProject(code)).toEqual(['amqplib q']);
  });
});

describe('one name for several things', () => {
  test('is resolved by scope', async () => {
    const code = `
      import express from 'express';
      import { createRouter } from 'vue-router';
      const app = express();
      export function a() { const app = createRouter(); app.get('/other', h); }
      export function b(app) { app.get('/unknown', h); }
      export function c() { { const app = new Map(); app.get('/map', h); } app.get('/known', h); }
      app.get('/own', h);
    `;
    expect(await found(code, 'a.js')).toEqual([
      'app express (express)',
      'route GET /unknown (express, fastify, hono)',
      'route GET /known (express)',
      'route GET /own (express)',
    ]);
  });

  test('is resolved wherever it is met on the way to the app', async () => {
    const code = `
      import { Hono } from 'hono';
      export function a() { const app = new Hono(); app.get('/own', h); return app; }
      export function b() { const app = new Hono(); const v1 = app.basePath('/v1'); v1.get('/x', h); return app; }
      export function c() { const app = new Map(); const v2 = app.basePath('/v2'); v2.get('/map', h); }
    `;
    expect(await found(code, 'a.js')).toEqual([
      'app hono (hono)',
      'route GET /own (hono)',
      'app hono (hono)',
      'route GET /x (hono)',
    ]);
  });

  test('is no matter for TypeScript, where a name can be a type, a value and a namespace', async () => {
    const code = `
      import express from 'express';
      import type { Express } from 'express';
      interface app {}
      namespace app { export const x = 1 }
      function f(app: string): void;
      function f(app: Express): void;
      function f(app: any) { app.get('/any', h); }
      export const g = (app: Express) => app.get('/typed', h);
    `;
    expect(await found(code)).toEqual([
      'route GET /any (express, fastify, hono)',
      'route GET /typed (express)',
    ]);
  });

  test('may be given another value later', async () => {
    expect(
      await found("import express from 'express'; let app = express(); app = other(); app.get('/x', h);"),
    ).toEqual(['app express (express)', 'route GET /x (express)']);
  });
});

describe('a registration', () => {
  const app =
    "import express from 'express';\nimport { Hono } from 'hono';\nconst app = express(), hono = new Hono(), router = express.Router();\n";

  test.each([
    ["app.get('/x', h)", ['route GET /x (express)']],
    ['app.post(`/x`, h)', ['route POST /x (express)']],
    ['app.get(`/${version}/x`, h)', ['route GET /${…}/x (express)']],
    ["app.get(['/a', '/b'], h)", ['route GET /a,/b (express)']],
    ['app.get(/^\\/x/i, h)', ['route GET /^\\/x/i (express)']],
    ['app.get(path, h)', ['route GET (express)']],
    ["router.route('/x').get(h).post(h)", ['route GET /x (express)', 'route POST /x (express)']],
    ["app.route('/x').all(h)", ['route ALL /x (express)']],
    ["app.use('/api', router)", ['middleware use /api (express)']],
    ['app.use(h)', ['middleware use (express)']],
    ['app.use(...handlers)', ['middleware use (express)']],
    ["hono.on('PURGE', '/x', h)", ['route PURGE /x (hono)']],
    ["hono.on(['PUT', 'POST'], ['/a', '/b'], h)", ['route PUT,POST /a,/b (hono)']],
    ["hono.basePath('/v1').get(h)", ['route GET /v1 (hono)']],
    ["hono.basePath('/v1').get('/x', h)", ['route GET /x (hono)']],
    ['hono.onError(h)', ['middleware onError (hono)']],
    ["app.get('setting')", []],
    ['app.get(setting)', []],
    ["app.set('x', h)", []],
    ['app.listen(3000, h)', []],
    ["hono.route('/x', other)", []],
  ])('%s', async (code, expected) => {
    const targets = await found(`${app}${code};\n`);
    expect(targets.filter((target) => !target.startsWith('app '))).toEqual(expected);
  });

  test('hands the path that a router is mounted at to the run time if it is a literal', async () => {
    const { output } =
      (await transform(`${app}app.use('/api', router); app.use(\`/v\${1}\`, router);\n`)) ?? {};
    expect(output?.code).toContain(`app.use('/api', $rsExpressHandler(app,router,"/api"))`);
    expect(output?.code).toContain('app.use(`/v${1}`, $rsExpressHandler(app,router))');
  });
});

describe('names that stand for each other', () => {
  test('in circles, and many times over, are followed once', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `n${index}`);
    const circles = names.map((name) => names.map((other) => `${name} = ${other};`).join(' ')).join('\n');
    const code = `let ${names.join(', ')};\n${circles}\n${names.map((name) => `${name}.get('/x', h);`).join('\n')}`;
    const members = names
      .map((name, index) => `{ const ${name} = ${names[(index + 1) % 60]}.a; }`)
      .join('\n');
    expect(await found(`${code}\n${members}\nexport {};\n`)).toEqual([]);
  }, 5_000);
});
