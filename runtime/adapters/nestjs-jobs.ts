/**
 * Methods that NestJS calls by the clock, for jobs of queues and for messages. What it was told of them by decorators it keeps as
 * metadata of the method, and there it is read.
 */
import { scheduled } from './cron-jobs.ts';
import type { JobKind, Run } from './jobs.ts';
import { runMethod } from './jobs.ts';
import { BULLMQ, nextAttempt, queued } from './queue-jobs.ts';
import { STREAMING } from './request.ts';

/** A method as injected code hands it over: its name in its class, and all that is in it, under the name that stacks tell. */
type Method<R> = [name: string, self: object, body: Record<string, () => R>, args: ArrayLike<unknown>];

/** What the package reflect-metadata adds to Reflect. */
interface Reflection {
  getMetadata?(key: string, target: object, property?: string): unknown;
}

/** What decorators leave of a method. */
interface Told {
  SCHEDULER_TYPE?: number;
  SCHEDULER_NAME?: string;
  SCHEDULE_CRON_OPTIONS?: { cronTime: unknown };
  SCHEDULE_INTERVAL_OPTIONS?: { timeout: number };
  SCHEDULE_TIMEOUT_OPTIONS?: { timeout: number };
  'microservices:pattern'?: unknown[];
  'microservices:transport'?: number;
}

/** @param isRun whether this is what the library hands over; if not, the application calls it with something of its own */
function runsAs(
  kind: JobKind,
  [name, self, body, args]: Method<unknown>,
  isRun?: (job: Record<string, unknown>) => boolean,
): unknown {
  // The build has written one.
  const [[key, call]] = Object.entries(body) as [[string, () => unknown]];
  let isOne = false;
  try {
    isOne = isRun?.(Object(args[0]) as Record<string, unknown>) ?? true;
  } catch {
    // It does not let itself be looked at.
  }
  if (!isOne) return call();
  return runMethod(kind, { self, args: Array.from(args), name, options: {}, subject: key }, call);
}

function told<K extends keyof Told>({ self, subject }: Run, key: K): Told[K] | undefined {
  const method = (Object(self) as Record<string, unknown>)[String(subject)];
  return typeof method === 'function' ? (metadataOf(key, method) as Told[K]) : undefined;
}

function metadataOf(key: string, target: object, property?: string): unknown {
  return (Reflect as Reflection).getMetadata?.(key, target, property);
}

const SCHEDULE: JobKind = {
  eventType: 'cron',
  framework: 'nestjs',
  awaits: true,
  describe(run) {
    if (told(run, 'SCHEDULER_TYPE') === undefined) return undefined;
    const every = told(run, 'SCHEDULE_INTERVAL_OPTIONS');
    const once = told(run, 'SCHEDULE_TIMEOUT_OPTIONS');
    const schedule = every
      ? `every ${every.timeout} ms`
      : once
        ? `after ${once.timeout} ms`
        : told(run, 'SCHEDULE_CRON_OPTIONS')?.cronTime;
    return scheduled(schedule, told(run, 'SCHEDULER_NAME'), run.name);
  },
};

/** Injected into methods with `@Cron()`, `@Interval()` and `@Timeout()` of @nestjs/schedule. */
export function nestScheduleJob<R>(...method: Method<R>): R {
  return runsAs(SCHEDULE, method) as R;
}

/** Injected into `process` of classes with `@Processor()` of @nestjs/bullmq. */
export function nestBullmqJob<R>(...method: Method<R>): R {
  return runsAs(BULLMQ, method, ({ queueName }) => typeof queueName === 'string') as R;
}

interface BullJob {
  id: unknown;
  name: string;
  data: unknown;
  queue: { name: string };
  attemptsMade: number;
}

const BULL: JobKind = {
  eventType: 'queue',
  framework: 'bull',
  awaits: true,
  describe({ args }) {
    const job = args[0] as BullJob;
    const name = job.name === '__default__' ? undefined : job.name;
    const { id: jobId, queue, attemptsMade } = job;
    return queued(
      { queue: queue.name, job: name, jobId, attempt: nextAttempt(attemptsMade) },
      () => job.data,
    );
  },
};

/** Injected into methods with `@Process()` of @nestjs/bull. */
export function nestBullJob<R>(...method: Method<R>): R {
  return runsAs(BULL, method, ({ queue }) => queue !== undefined) as R;
}

/** In the order of Nest's own numbers for them. */
const TRANSPORTS: readonly string[] = ['tcp', 'redis', 'nats', 'mqtt', 'grpc', 'rmq', 'kafka'];

/** A parameter with a decorator: where it is, and the part of the message that it is, if not all. */
interface Parameter {
  index: number;
  data?: string;
}

/** What Nest hands over beside the payload. */
interface MessageContext {
  constructor: { name: string };
  getArgs(): unknown;
  getPattern?(): unknown;
}

const MESSAGE: JobKind = {
  eventType: 'queue',
  framework: 'nestjs',
  awaits: true,
  describe(run) {
    const patterns = told(run, 'microservices:pattern');
    if (patterns === undefined) return undefined;
    const context = run.args.find((value) => isContext(value));
    const route = context?.getPattern?.() ?? patterns.map(textOf).join(', ');
    const transport =
      TRANSPORTS[told(run, 'microservices:transport') ?? -1] ??
      /^(\w+)Context$/.exec(context?.constructor.name ?? '')?.[1]?.toLowerCase();
    return {
      endpoint: String(route),
      metadata: { route, transport },
      payload: () => payloadOf(run),
    };
  },
  // Whoever looks into it would run it.
  result: (value) => (typeof Object(value).subscribe === 'function' ? STREAMING : value),
};

function isContext(value: unknown): value is MessageContext {
  return typeof (Object(value) as Partial<MessageContext>).getArgs === 'function';
}

/** As Nest's own clients send it. */
function textOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}

/** Without decorators of parameters the first one is the message; with some, those of `@Payload()` are, or parts of it. */
function payloadOf({ self, subject, args }: Run): unknown {
  const { constructor } = Object(self) as object;
  const parameters = metadataOf('__routeArguments__', constructor, String(subject)) as
    | Record<string, Parameter>
    | undefined;
  if (parameters === undefined) return args[0];
  const parts = Object.entries(parameters).flatMap(([kind, part]) => (kind.startsWith('3:') ? [part] : []));
  const [only] = parts;
  if (parts.length === 1 && only?.data === undefined) return only && args[only.index];
  return Object.fromEntries(parts.map(({ index, data = index }) => [data, args[index]]));
}

/** Injected into methods with `@MessagePattern()` and `@EventPattern()` of @nestjs/microservices. */
export function nestMessage<R>(...method: Method<R>): R {
  return runsAs(MESSAGE, method) as R;
}
