/** Methods that NestJS runs by the clock, for jobs of queues and for messages, by the decorators that say so. */
import type { JobRecogniser } from './types.ts';
import { NO_RECEIVER } from './types.ts';

/** @param exported decorators that the package exports */
function decoratedBy(packageName: string, exported: readonly string[]): Omit<JobRecogniser, 'hooks'> {
  return {
    name: 'nestjs',
    packages: [packageName],
    factories: exported.map((name) => ({ export: name, by: 'call', app: false })),
    types: [],
    methods: [],
    chains: [],
    receivers: NO_RECEIVER,
    takes: {},
    decorates: {},
  };
}

export const nestSchedule: JobRecogniser = {
  ...decoratedBy('@nestjs/schedule', ['Cron', 'Interval', 'Timeout']),
  hooks: { handler: 'nestScheduleJob' },
};

/** Those of gRPC are calls of another kind, and of streams. */
export const nestMessages: JobRecogniser = {
  ...decoratedBy('@nestjs/microservices', ['MessagePattern', 'EventPattern']),
  hooks: { handler: 'nestMessage' },
};

/** A method with a second parameter is given a callback, which tells of the job's end. */
export const nestBull: JobRecogniser = {
  ...decoratedBy('@nestjs/bull', ['Process']),
  decorates: { callback: 1 },
  hooks: { handler: 'nestBullJob' },
};

/** A class is the processor of its queue by what this method of it does. */
export const nestBullmq: JobRecogniser = {
  ...decoratedBy('@nestjs/bullmq', ['Processor']),
  decorates: { method: 'process' },
  hooks: { handler: 'nestBullmqJob' },
};
