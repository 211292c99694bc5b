/** The libraries whose jobs we know. */
import { cron, croner, nodeCron, nodeSchedule } from './cron.ts';
import { interval } from './intervals.ts';
import { nestBull, nestBullmq, nestMessages, nestSchedule } from './nestjs.ts';
import { amqplib, beeQueue, bullmq, kafkajs, pgBoss, sqsConsumer } from './queues.ts';
import type { JobRecogniser } from './types.ts';

export const jobs: readonly JobRecogniser[] = [
  amqplib,
  beeQueue,
  bullmq,
  cron,
  croner,
  kafkajs,
  nestBull,
  nestBullmq,
  nestMessages,
  nestSchedule,
  nodeCron,
  nodeSchedule,
  pgBoss,
  interval,
  sqsConsumer,
];
