/** Libraries that run a job for each message of a queue. */
import type { JobRecogniser } from './types.ts';
import { NO_RECEIVER } from './types.ts';

/** A processor may also be the path of a file, which is left alone. */
export const bullmq: JobRecogniser = {
  name: 'bullmq',
  packages: ['bullmq'],
  factories: [{ export: 'Worker', by: 'new', app: true }],
  types: [],
  methods: [],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { Worker: [1] },
  hooks: { handler: 'bullmqJob' },
};

/** Others have queues with `process`, too: nothing goes by the name of one. */
export const beeQueue: JobRecogniser = {
  name: 'bee-queue',
  packages: ['bee-queue'],
  factories: [{ export: 'default', by: 'either', app: false }],
  types: ['default'],
  methods: ['process'],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { process: [0, 1] },
  hooks: { handler: 'beeQueueJob' },
};

export const pgBoss: JobRecogniser = {
  name: 'pg-boss',
  packages: ['pg-boss'],
  factories: [
    { export: 'default', by: 'new', app: false },
    { export: 'PgBoss', by: 'new', app: false },
  ],
  types: ['default', 'PgBoss'],
  methods: ['work'],
  chains: ['start'],
  receivers: /^(boss|pgBoss|pgboss)$/,
  takes: { work: [1, 2] },
  hooks: { handler: 'pgBossJob' },
};

/** Connections and channels, with promises and with callbacks. */
export const amqplib: JobRecogniser = {
  name: 'amqplib',
  packages: ['amqplib', 'amqplib/callback_api', 'amqplib/callback_api.js'],
  factories: [{ export: 'connect', by: 'call', app: false }],
  types: ['Channel', 'ConfirmChannel', 'ChannelModel', 'Connection'],
  methods: ['consume'],
  chains: ['createChannel', 'createConfirmChannel'],
  receivers: /^(ch|channel|channelWrapper|\w+Channel)$/,
  takes: { consume: [1] },
  subject: 'first',
  hooks: { handler: 'amqplibJob' },
};

export const kafkajs: JobRecogniser = {
  name: 'kafkajs',
  packages: ['kafkajs'],
  factories: [{ export: 'Kafka', by: 'new', app: false }],
  types: ['Consumer'],
  methods: ['run'],
  chains: ['consumer'],
  receivers: /^(consumer|\w+Consumer)$/,
  takes: { run: [0] },
  keys: ['eachMessage', 'eachBatch'],
  hooks: { handler: 'kafkaJob' },
};

export const sqsConsumer: JobRecogniser = {
  name: 'sqs-consumer',
  packages: ['sqs-consumer'],
  factories: [
    { export: 'Consumer', by: 'static', method: 'create', app: true },
    { export: 'Consumer', by: 'new', app: true },
  ],
  types: [],
  methods: [],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { create: [0], Consumer: [0] },
  keys: ['handleMessage', 'handleMessageBatch'],
  hooks: { handler: 'sqsJob' },
};
