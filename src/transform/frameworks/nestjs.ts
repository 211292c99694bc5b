/** NestJS, on whatever server: an app is made within node_modules, and its controllers are classes. */
import type { Recogniser } from './types.ts';

export const nestjs: Recogniser = {
  name: 'nestjs',
  packages: ['@nestjs/core'],
  factories: [{ export: 'NestFactory', by: 'static', method: 'create', app: true }],
  types: [],
  methods: [],
  chains: [],
  receivers: /(?!)/,
  hooks: { app: 'nestApp' },
};
