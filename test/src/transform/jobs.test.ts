/** Which calls register jobs: by what the module imports, and by the name of what they are called on where it says nothing. */
import { describe, expect, test } from 'vitest';
import { recognisers } from '../../../src/transform/frameworks/index.ts';
import { jobs } from '../../../src/transform/jobs/index.ts';
import { transform } from '../../support/transform-fixtures.ts';

/** What becomes of a module, without the import of the hooks and what is observed. */
async function become(code: string, file = 'a.ts'): Promise<string> {
  const result = await transform(code, file, { functions: false });
  return (result?.output?.code ?? code)
    .replace(/^(import|const)\s?\{.*?"unplugin-replaystack\/runtime"\)?;/, '')
    .replaceAll(
      /const \$rs=\$rsEnter\([^)]*\);try\{|\}catch\(\$rs_error\)\{.*?finally\{\$rsExit\(\$rs\)\}/g,
      '',
    );
}

async function found(code: string): Promise<string[]> {
  const result = await transform(code, 'a.ts', { functions: false });
  return (result?.targets ?? []).filter(({ kind }) => kind === 'job').map(({ name }) => name);
}

describe('a job', () => {
  test.each([
    // What takes a job is exported, under whichever name.
    ["import { Worker } from 'bullmq'; new Worker('q', f);", "new Worker('q', $rsBullmqJob(true,f));"],
    ["import { Worker as W } from 'bullmq'; new W(q, f, o);", 'new W(q, $rsBullmqJob(true,f), o);'],
    ["import * as b from 'bullmq'; new b.Worker('q', f);", "new b.Worker('q', $rsBullmqJob(true,f));"],
    ["const b = require('bullmq'); new b.Worker('q', f);", "new b.Worker('q', $rsBullmqJob(true,f));"],
    ["const { Worker } = require('bullmq'); new Worker('q', f);", "new Worker('q', $rsBullmqJob(true,f));"],
    [
      "import { Worker } from 'bullmq'; new Worker('q', f as P);",
      "new Worker('q', $rsBullmqJob(true,f as P));",
    ],
    ["import c from 'node-cron'; c.schedule(E, f);", 'c.schedule(E, $rsNodeCronJob(true,f,E,"f"));'],
    [
      "import { schedule } from 'node-cron'; schedule('@x', f);",
      "schedule('@x', $rsNodeCronJob(true,f,'@x',\"f\"));",
    ],
    [
      "import * as c from 'node-cron'; c.schedule(e(), f);",
      'c.schedule(e(), $rsNodeCronJob(true,f,void 0,"f"));',
    ],
    ["import { Cron } from 'croner'; Cron(e, { name }, f);", 'Cron(e, { name }, $rsCronerJob(true,f,"f"));'],
    [
      "import { Cron } from 'croner'; new Cron(e, f, o);",
      'new Cron(e, $rsCronerJob(true,f,"f"), $rsCronerJob(true,o,"o"));',
    ],
    [
      "import { Cron } from 'croner'; new Cron(e, () => f(), o);",
      'new Cron(e, $rsCronerJob(true,() => f()), o);',
    ],
    ["import { CronJob } from 'cron'; CronJob.from(o);", 'CronJob.from($rsCronJob(true,o));'],
    [
      "import s from 'node-schedule'; s.scheduleJob('a', `@x`, f);",
      's.scheduleJob(\'a\', `@x`, $rsNodeScheduleJob(true,f,`@x`,"f"));',
    ],
    [
      "import { Consumer } from 'sqs-consumer'; Consumer.create({ queueUrl, handleMessage });",
      'Consumer.create($rsSqsJob(true,{ queueUrl, handleMessage }));',
    ],
    [
      "import { Consumer } from 'sqs-consumer'; Consumer.create({ ...o, sqs });",
      'Consumer.create($rsSqsJob(true,{ ...o, sqs }));',
    ],
    // What takes a job is a method of what is made.
    [
      "import Q from 'bee-queue'; const q = new Q('a'); q.process(3, f);",
      'q.process(3, $rsBeeQueueJob(q,f));',
    ],
    [
      "import B from 'pg-boss'; const b = new B(u); b.work('a', {}, f);",
      "b.work('a', {}, $rsPgBossJob(b,f));",
    ],
    [
      "import { PgBoss } from 'pg-boss'; class A { b = new PgBoss(u); c() { this.b.work(n, f); } }",
      'this.b.work(n, $rsPgBossJob(this.b,f));',
    ],
    ["import type PgBoss from 'pg-boss'; (x: PgBoss) => x.work('a', f);", "x.work('a', $rsPgBossJob(x,f));"],
    [
      "import amqp from 'amqplib'; const c = await amqp.connect(u); const h = await c.createChannel(); h.consume(q, f);",
      'h.consume(q, $rsAmqplibJob(h,f,q));',
    ],
    [
      "import amqp from 'amqplib/callback_api.js'; amqp.connect(u, (e, c) => c.createChannel((e, ch) => ch.consume('q', f)));",
      "ch.consume('q', $rsAmqplibJob(ch,f,'q'))",
    ],
    [
      "import type { Channel } from 'amqplib'; (x: Channel) => x.consume('q', f);",
      "x.consume('q', $rsAmqplibJob(x,f,'q'))",
    ],
    [
      "import { Kafka } from 'kafkajs'; const k = new Kafka({}); const c = k.consumer({ groupId }); c.run({ eachMessage: f });",
      'c.run($rsKafkaJob(c,{ eachMessage: f }));',
    ],
    [
      "import amqp from 'amqplib'; class A { async c(q) { this.b = await amqp.connect(u); this.h = await this.b?.createChannel(); await this.h?.consume(q, f); } }",
      'await this.h?.consume(q, $rsAmqplibJob(this.h,f,q));',
    ],
    [
      "import type { Consumer } from 'kafkajs'; class A { consumer: Consumer | null = null; c() { return this.consumer?.run({ eachMessage: f }); } }",
      'this.consumer?.run($rsKafkaJob(this.consumer,{ eachMessage: f }));',
    ],
    // It is given on by another module, or a caller.
    ["import { boss } from './boss.js'; boss.work('a', f);", "boss.work('a', $rsPgBossJob(boss,f));"],
    [
      'export default (channel) => channel.consume(queue, f);',
      'channel.consume(queue, $rsAmqplibJob(channel,f,queue));',
    ],
    [
      "import { ordersConsumer } from './kafka.js'; ordersConsumer.run({ async eachBatch({ batch }) { f(batch); } });",
      'ordersConsumer.run($rsKafkaJob(ordersConsumer,{ async eachBatch({ batch }) { f(batch); }',
    ],
  ])('%s', async (code, expected) => {
    expect(await become(code)).toContain(expected);
  });

  test.each([
    ['// @replaystack-cron\nsetInterval(f, 9);', 'setInterval($rsIntervalJob(true,f,9,"f"), 9);'],
    [
      '// @replaystack-cron\nconst t = setInterval(f, s * 1000);',
      'setInterval($rsIntervalJob(true,f,s * 1000,"f"), s * 1000);',
    ],
    [
      '// @replaystack-cron\nglobalThis.setInterval(f, ms());',
      'setInterval($rsIntervalJob(true,f,void 0,"f"), ms());',
    ],
    ['// @replaystack-cron\nsetInterval(f);', 'setInterval($rsIntervalJob(true,f,void 0,"f"));'],
  ])('by a pragma: %s', async (code, expected) => {
    expect(await become(`${code}\nexport {};`)).toContain(expected);
  });

  test.each([
    [
      "import { Cron } from '@nestjs/schedule'; export class A { @Cron(E) async b(): Promise<void> { await c(); } }",
      '@Cron(E) async b(): Promise<void> {return $rsNestScheduleJob("A.b",this,{b:async(): Promise<void>=>{ await c(); }},arguments)}',
    ],
    [
      "import * as s from '@nestjs/schedule'; class A { @s.Interval('i', 9) @Other() b(x) { 'use strict'; return x; } }",
      `b(x) { 'use strict';;return $rsNestScheduleJob("A.b",this,{b:()=>{ return x; }},arguments)}`,
    ],
    [
      "import { Timeout } from '@nestjs/schedule'; export default class { @Timeout(9) 'at once'() { c(); } }",
      `'at once'() {return $rsNestScheduleJob("at once",this,{"at once":()=>{ c(); }},arguments)}`,
    ],
    [
      "import { MessagePattern as On } from '@nestjs/microservices'; class A { @On({ cmd: 'b' }) b(@Payload() c: C) { return c; } }",
      'b(@Payload() c: C) {return $rsNestMessage("A.b",this,{b:()=>{ return c; }},arguments)}',
    ],
    [
      "import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('q') class A extends WorkerHost { async process(job: Job): Promise<any> { return c(job); } }",
      'async process(job: Job): Promise<any> {return $rsNestBullmqJob("A.process",this,{process:async(): Promise<any>=>{ return c(job); }},arguments)}',
    ],
    [
      "import { EventPattern } from '@nestjs/microservices'; class A { @EventPattern('b') b() {} }",
      'b() {return $rsNestMessage("A.b",this,{b:()=>{}},arguments)}',
    ],
    [
      "const { Process } = require('@nestjs/bull'); class A { @Process('welcome') welcome(job) { return c(job); } }",
      'welcome(job) {return $rsNestBullJob("A.welcome",this,{welcome:()=>{ return c(job); }},arguments)}',
    ],
  ])('by a decorator of Nest: %s', async (code, expected) => {
    expect(await become(code)).toContain(expected);
  });

  test('is found where functions have the same names for what leads to it', async () => {
    expect(
      await found(`
        import amqp from 'amqplib';
        async function publish() {
          const connection = await amqp.connect(u);
          const channel = await connection.createChannel();
          channel.sendToQueue('q', b);
        }
        async function consume() {
          const connection = await amqp.connect(u);
          const channel = await connection.createChannel();
          await channel.consume('q', async (m) => f(m));
        }
      `),
    ).toEqual(['amqplib q']);
    expect(
      await found(`
        import { Kafka } from 'kafkajs';
        function send() { const kafka = new Kafka({}); const producer = kafka.producer(); }
        function listen() { const kafka = new Kafka({}); const c = kafka.consumer({ groupId }); c.run({ eachMessage: f }); }
      `),
    ).toEqual(['kafkajs']);
  });

  test('has the name of its library, and of its queue or schedule if that is written down', async () => {
    expect(
      await found(`
        import { Worker } from 'bullmq'; import { schedule } from 'node-cron'; import { Consumer } from 'sqs-consumer';
        new Worker('emails', f); new Worker(name, f); schedule('0 3 * * *', f); Consumer.create({ handleMessage });
      `),
    ).toEqual(['bullmq emails', 'bullmq', 'node-cron 0 3 * * *', 'sqs-consumer']);
  });

  test('is observed where it is written down', async () => {
    const result = await transform(
      "import { Consumer } from 'sqs-consumer'; Consumer.create({ async handleMessage(m) { await f(m); }, queueUrl: u });",
    );
    expect(result?.targets.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'job sqs-consumer',
      'function sqs-consumer',
    ]);
  });
});

describe('no job', () => {
  test.each([
    "import { Worker } from 'node:worker_threads'; new Worker('./worker.js', { eval: false });",
    "new Worker(new URL('./worker.js', import.meta.url), f);",
    "import { Worker } from 'bullmq'; class Mine extends Worker {} new Mine('q', f);",
    "import { Worker } from 'bullmq'; export const make = (Worker) => new Worker('q', f);",
    "import { Worker } from 'bullmq'; new Worker('q', './processor.js');",
    "import { Worker } from 'bullmq'; new Worker('q');",
    "import { Worker } from 'bullmq'; new Worker(...args, f);",
    "import { schedule } from './schedule.js'; schedule('* * * * *', f);",
    "import { schedule } from 'node-cron'; function g(schedule) { schedule('* * * * *', f); }",
    "import cron from 'node-cron'; cron.validate('* * * * *');",
    "import cron from 'node-cron'; cron.schedule('* * * * *', './task.js');",
    "import { Queue } from 'bullmq'; const queue = new Queue('q'); queue.process(f);",
    "import Queue from 'bull'; const queue = new Queue('q'); queue.process(f); queue.work('a', f); queue.run({ eachMessage: f });",
    "import { queue } from './queue.js'; queue.process(f);",
    "import { consumer } from './consumer.js'; consumer.run(f); consumer.run({ start: f });",
    "import { channel } from './channel.js'; channel.consume(f); channel.get('q', f);",
    "import { CronJob } from 'cron'; CronJob.from({ cronTime, start: true });",
    'setInterval(f, 9);',
    "import { Cron } from './cron.js'; class A { @Cron('* * * * *') b() { c(); } }",
    "import { Cron } from '@nestjs/schedule'; class A { b = Cron('* * * * *'); c() { d(); } @Other() e() { f(); } }",
    "import { Cron } from '@nestjs/schedule'; class A { @Cron(E) static b() { c(); } @Cron(E) [d]() { c(); } @Cron(E) e = () => c(); }",
    "import { Cron } from '@nestjs/schedule'; abstract class A { @Cron(E) abstract b(): void; }",
    "import { GrpcMethod } from '@nestjs/microservices'; class A { @GrpcMethod('A') b(c) { return d(c); } }",
    "import { Processor } from '@nestjs/bullmq'; @Processor('q') class A { other(job) { return c(job); } }",
    "import { Processor, OnWorkerEvent } from '@nestjs/bullmq'; class A { @OnWorkerEvent('failed') process(job) { return c(job); } }",
    "import { Processor } from '@nestjs/bull'; @Processor('q') class A { process(job) { return c(job); } }",
    "import Processor from 'postcss'; @Processor() class A { process(job) { return c(job); } }",
  ])('%s', async (code) => {
    expect(await become(code)).toBe(code);
  });

  test.each([
    "import { Worker } from 'bullmq'; /* @replaystack-ignore */ new Worker('q', f);",
    "import { Worker } from 'bullmq'; new Worker('q', /* @replaystack-ignore */ f);",
    "import { Consumer } from 'sqs-consumer'; Consumer.create({ queueUrl, /* @replaystack-ignore */ handleMessage });",
    "import { Consumer } from 'sqs-consumer'; Consumer.create({ /* @replaystack-ignore */ async handleMessage(m) { await f(m); } });",
  ])('where a pragma says so: %s', async (code) => {
    const result = await transform(code);
    expect(result?.output).toBeUndefined();
    expect(result?.skipped.map(({ reason }) => reason)).toContain('ignored by a pragma');
    expect(result?.problems).toEqual([]);
  });

  test.each([
    ['// @replaystack-ignore\n@Process() b(job) { return c(job); }', 'ignored by a pragma'],
    ['@Process() b(job, done) { c(job, done); }', 'declared with a callback'],
    ['@Process() *b(job) { yield job; }', 'a generator is no handler'],
    [
      '@Process() b(job) { var job = c(job); return job; }',
      'declares a variable under the name of a parameter',
    ],
    ['@Process() b(job) { return eval("job"); }', 'uses direct eval'],
  ])('where a method is not safe to rewrite, or is to be left alone: %s', async (method, reason) => {
    const result = await transform(`import { Process } from '@nestjs/bull'; class A { ${method} }`);
    expect(result?.output).toBeUndefined();
    expect(result?.skipped).toMatchObject([{ name: 'A.b', reason }]);
  });

  test('of a library that is left out', async () => {
    const code = "import { Worker } from 'bullmq'; new Worker('q', f);";
    const others = jobs.filter(({ name }) => name !== 'bullmq');
    expect(await transform(code, 'a.ts', { jobs: others, recognisers })).toBeUndefined();
    const pragma = '// @replaystack-cron\nsetInterval(f, 9);';
    expect((await transform(pragma, 'a.ts', { jobs: [] }))?.problems ?? []).toEqual([]);
  });
});
