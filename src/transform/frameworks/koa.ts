/** Koa and its routers. The app sees all that happens to its requests: what is registered is only observed. */
import type { Recogniser } from './types.ts';

export const koa: Recogniser = {
  name: 'koa',
  // The second makes an app of the first, which the build does not see.
  packages: ['koa', 'routing-controllers'],
  factories: [
    { export: 'default', by: 'either', app: true },
    { export: 'createKoaServer', by: 'call', app: true },
  ],
  types: [],
  methods: ['use'],
  chains: [],
  receivers: /^(app|koa|\w+(App|Koa))$/,
  hooks: { app: 'koaApp' },
};

export const koaRouter: Recogniser = {
  name: 'koa',
  packages: ['@koa/router', 'koa-router'],
  factories: [
    { export: 'default', by: 'either', app: false },
    { export: 'Router', by: 'either', app: false },
  ],
  types: [],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all', 'use'],
  chains: ['prefix', 'param'],
  receivers: /^(router|\w+Router)$/,
  hooks: {},
};
