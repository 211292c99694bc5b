/** Who goes through an outage: we, with a spool and without, and others; each with a receiver of its own. */
import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Behaviour } from '../orders/receiver.ts';

export interface Outage {
  name: string;
  behaviour: Behaviour;
}

/** The first is the healthy run that the others are compared with. */
export const outages: readonly Outage[] = [
  { name: 'none', behaviour: { how: 'take' } },
  { name: 'down', behaviour: { how: 'down' } },
  { name: 'hang', behaviour: { how: 'hang' } },
  { name: '429', behaviour: { how: 'refuse', status: 429, headers: { 'retry-after': '2' } } },
  { name: '503', behaviour: { how: 'refuse', status: 503 } },
];

export interface Variant {
  name: string;
  /** Whether the application is the instrumented one. */
  hooked: boolean;
  flags: readonly string[];
  environment(receiver: string): Record<string, string>;
}

const peer = (file: string): string[] => ['--import', resolve('bench/outage/peers', file)];

/** @param folder for what spools write */
export const variants = (folder: string): readonly Variant[] => [
  {
    name: 'replaystack',
    hooked: true,
    flags: [],
    environment: (receiver) => ({ REPLAYSTACK_API_KEY: 'k', REPLAYSTACK_ENDPOINT: receiver }),
  },
  {
    name: 'with a spool',
    hooked: true,
    flags: [],
    environment: (receiver) => ({
      REPLAYSTACK_API_KEY: 'k',
      REPLAYSTACK_ENDPOINT: receiver,
      REPLAYSTACK_SPOOL_DIR: mkdtempSync(join(folder, 'spool-')),
    }),
  },
  {
    name: '@sentry/node',
    hooked: false,
    flags: peer('sentry.js'),
    environment: (receiver) => ({ SENTRY_DSN: receiver.replace('://', '://key@') + '/1' }),
  },
  {
    name: 'OpenTelemetry',
    hooked: false,
    flags: peer('opentelemetry.js'),
    environment: (receiver) => ({ OTLP_URL: `${receiver}/v1/traces` }),
  },
];
