/** Express 4 and 5. */
import type { Recogniser } from './types.ts';

export const express: Recogniser = {
  name: 'express',
  // The second makes an app of the first, which the build does not see.
  packages: ['express', 'routing-controllers'],
  factories: [
    { export: 'default', by: 'call', app: true },
    { export: 'createExpressServer', by: 'call', app: true },
    { export: 'Router', by: 'either', app: false },
  ],
  types: ['Express', 'Application', 'Router', 'IRouter', 'IRoute'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'use'],
  chains: ['route'],
  receivers: /^(app|router|\w+(App|Router))$/,
  hooks: { app: 'expressApp', handler: 'expressHandler' },
};
