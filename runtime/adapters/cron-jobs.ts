/** Jobs that run by the clock: what each library tells them of their name and schedule. */
import type { Description, JobKind } from './jobs.ts';
import { jobHook } from './jobs.ts';

/** What node-cron gives to its jobs. */
interface TaskContext {
  task?: { id?: string; name?: string; getPattern?(): string };
}

/** Croner gives itself. */
interface CronerJob {
  name?: string | undefined;
  getPattern?(): string | undefined;
}

/** The `this` of cron's jobs, unless they have a context of their own. */
interface CronJob {
  name?: string;
  cronTime?: { source?: unknown };
}

/** @param names those that it may have, best first */
export function scheduled(schedule: unknown, ...names: unknown[]): Description {
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const job = names.find(isText);
  // Dates come once, and rules that are objects have no short name.
  return { endpoint: job ?? (isText(schedule) ? schedule : 'cron'), metadata: { schedule, job } };
}

const NODE_CRON: JobKind = {
  eventType: 'cron',
  framework: 'node-cron',
  awaits: true,
  describe({ args, name, subject }) {
    const { task } = Object(args[0]) as TaskContext;
    // One without a name goes by its id, which is another one after each start.
    return scheduled(task?.getPattern?.() ?? subject, task?.name === task?.id ? '' : task?.name, name);
  },
};

/** Injected around the job of `cron.schedule()` of node-cron. The path of a file is handed back. */
export function nodeCronJob<T>(owner: unknown, argument: T, schedule?: unknown, name?: string): T {
  return jobHook(NODE_CRON, owner, argument, schedule, name);
}

const CRONER: JobKind = {
  eventType: 'cron',
  framework: 'croner',
  owner: ['schedule', 'getPattern'],
  awaits: true,
  describe({ args, name }) {
    const job = Object(args[0]) as CronerJob;
    return scheduled(job.getPattern?.(), job.name, name);
  },
};

/** Injected around the job of `new Cron()` of croner. */
export function cronerJob<T>(owner: unknown, argument: T, name?: string): T {
  return jobHook(CRONER, owner, argument, undefined, name);
}

const CRON: JobKind = {
  eventType: 'cron',
  framework: 'cron',
  owner: ['addCallback', 'fireOnTick'],
  keys: ['onTick'],
  awaits: true,
  describe({ self, name, options, subject }) {
    const job = Object(self) as CronJob;
    const schedule = job.cronTime?.source ?? options['cronTime'] ?? subject;
    return scheduled(schedule, job.cronTime && job.name, options['name'], name);
  },
};

/** Injected around the job of `new CronJob()`, and the options of `CronJob.from()`, of cron. A command is handed back. */
export function cronJob<T>(owner: unknown, argument: T, schedule?: unknown, name?: string): T {
  return jobHook(CRON, owner, argument, schedule, name);
}

const NODE_SCHEDULE: JobKind = {
  eventType: 'cron',
  framework: 'node-schedule',
  describe({ self, name, subject }) {
    const { name: given } = Object(self) as { name?: string };
    const isNamed = given !== undefined && !given.startsWith('<Anonymous Job ');
    // `new Job(name, job)` has its schedule only later.
    return scheduled(subject === given ? undefined : subject, isNamed && given, name);
  },
};

/** Injected around the job of `scheduleJob()` of node-schedule. */
export function nodeScheduleJob<T>(owner: unknown, argument: T, schedule?: unknown, name?: string): T {
  return jobHook(NODE_SCHEDULE, owner, argument, schedule, name);
}

const INTERVAL: JobKind = {
  eventType: 'cron',
  framework: 'setInterval',
  describe: ({ name, subject }) =>
    scheduled(subject === undefined ? undefined : `every ${String(subject)} ms`, name),
};

/** Injected around the function of `setInterval()` that a pragma asks for. */
export function intervalJob<T>(owner: unknown, argument: T, milliseconds?: unknown, name?: string): T {
  return jobHook(INTERVAL, owner, argument, milliseconds, name);
}
