/** Libraries that run jobs by the clock. */
import type { JobRecogniser } from './types.ts';
import { NO_RECEIVER } from './types.ts';

export const nodeCron: JobRecogniser = {
  name: 'node-cron',
  packages: ['node-cron'],
  factories: [
    { export: 'schedule', by: 'call', app: true },
    { export: 'createTask', by: 'call', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { schedule: [1], createTask: [1] },
  subject: 'first',
  named: true,
  hooks: { handler: 'nodeCronJob' },
};

/** Its options may stand before or behind the job, which may also come later: `new Cron('@daily').schedule(job)`. */
export const croner: JobRecogniser = {
  name: 'croner',
  packages: ['croner'],
  factories: [
    { export: 'Cron', by: 'either', app: true },
    { export: 'default', by: 'either', app: true },
  ],
  types: ['Cron'],
  methods: ['schedule'],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { Cron: [1, 2], default: [1, 2], schedule: [0] },
  named: true,
  hooks: { handler: 'cronerJob' },
};

export const cron: JobRecogniser = {
  name: 'cron',
  packages: ['cron'],
  factories: [
    { export: 'CronJob', by: 'new', app: true },
    { export: 'CronJob', by: 'static', method: 'from', app: true },
  ],
  types: ['CronJob'],
  methods: ['addCallback'],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { CronJob: [1], from: [0], addCallback: [0] },
  keys: ['onTick'],
  subject: 'first',
  named: true,
  hooks: { handler: 'cronJob' },
};

/** A name may stand before the rule. */
export const nodeSchedule: JobRecogniser = {
  name: 'node-schedule',
  packages: ['node-schedule'],
  factories: [
    { export: 'scheduleJob', by: 'call', app: true },
    { export: 'Job', by: 'new', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { scheduleJob: [1, 2], Job: [0, 1] },
  subject: 'before',
  named: true,
  hooks: { handler: 'nodeScheduleJob' },
};
