/** Requests to fixtures/apps/trpc, and what must become of each. */
import type { Level } from '../../../runtime/protocol.ts';
import { note, passed, step, STREAMED } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const price = ['src/stalls.ts', 'export async function price'] as const;
const book = ['src/stalls.ts', 'export async function book'] as const;

const broken = "Cannot read properties of undefined (reading 'cents')";
const error = { error: `TypeError: ${broken}` };

const answered = (path: string, message: string, code: string, level: Level = 'error'): unknown =>
  note(message, 'trpc', level, { path, code });

const bug = answered('stalls.price', broken, 'INTERNAL_SERVER_ERROR');

const trpc = (metadata: object = {}): object => ({ framework: 'http', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a query',
    call: { path: '/stalls.price?input=%22tea%22&token=hidden', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, answer, body }) => ({
      responsePayload: body,
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/stalls.price?input=%22tea%22&token=[MASKED]`,
      breadcrumbs: [step(project, 'price', price)],
      metadata: trpc({ procedure: 'stalls.price' }),
    }),
  },
  {
    title: 'a mutation, and a masked field of what it is given',
    call: { method: 'POST', path: '/stalls.book', body: { name: 'Ada', password: 'hunter2' } },
    status: 200,
    event: ({ project, body }) => ({
      responsePayload: body,
      requestPayload: { name: 'Ada', password: '[MASKED]' },
      breadcrumbs: [step(project, 'book', book)],
      metadata: trpc({ procedure: 'stalls.book' }),
    }),
  },
  {
    title: 'a batch, of which one fails',
    call: {
      path: '/stalls.cheapest,stalls.price?batch=1&input=%7B%221%22:%22none%22%7D',
    },
    status: 207,
    event: ({ project, answer }) => ({
      responsePayload: JSON.parse(answer.body) as unknown,
      status: 'failed',
      errorName: 'TypeError',
      errorMessage: broken,
      breadcrumbs: [
        step(project, 'price', price, error),
        step(project, 'price', price, { ...error, calls: 2 }),
        bug,
      ],
      metadata: trpc({
        procedure: 'stalls.cheapest,stalls.price',
        handled: false,
        trail: [passed(project, 'price', price, { item: 'none' })],
      }),
    }),
  },
  {
    title: 'a batch, of which one is answered with an error on purpose',
    call: { method: 'POST', path: '/stalls.book,stalls.close?batch=1', body: { 0: { name: 'Ada' } } },
    status: 207,
    event: ({ project, answer }) => ({
      responsePayload: JSON.parse(answer.body) as unknown,
      requestPayload: { 0: { name: 'Ada' } },
      breadcrumbs: [
        // It reads no input before.
        answered('stalls.close', 'Ask the mayor', 'FORBIDDEN', 'warning'),
        step(project, 'book', book),
      ],
      metadata: trpc({ procedure: 'stalls.book,stalls.close' }),
    }),
  },
  {
    title: 'an error that the procedure has an answer for',
    call: { path: '/stalls.cheapest' },
    status: 200,
    event: ({ project, body }) => ({
      responsePayload: body,
      breadcrumbs: [step(project, 'price', price, error), step(project, 'price', price)],
      metadata: trpc({ procedure: 'stalls.cheapest' }),
    }),
  },
  {
    title: 'an error that has an answer of its own',
    call: { method: 'POST', path: '/stalls.close', body: {} },
    status: 403,
    event: ({ body }) => ({
      responsePayload: body,
      requestPayload: {},
      errorName: 'TRPCError',
      errorMessage: 'Ask the mayor',
      breadcrumbs: [answered('stalls.close', 'Ask the mayor', 'FORBIDDEN', 'warning')],
      metadata: trpc({ procedure: 'stalls.close', handled: false }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/nowhere' },
    status: 404,
    event: () => ({
      responsePayload: STREAMED,
      breadcrumbs: [answered('nowhere', 'No procedure found on path "nowhere"', 'NOT_FOUND', 'warning')],
      metadata: trpc(),
    }),
  },
  {
    title: 'a bug three calls deep, which tRPC answers',
    call: { path: '/stalls.price?input=%22gold%22' },
    status: 500,
    event: ({ project, body }) => ({
      responsePayload: body,
      errorName: 'TypeError',
      errorMessage: broken,
      breadcrumbs: [step(project, 'price', price, error), bug],
      metadata: trpc({
        procedure: 'stalls.price',
        handled: false,
        trail: [passed(project, 'price', price, { item: 'gold' })],
      }),
    }),
    frames: [
      { functionName: 'load', file: 'src/stalls.ts', at: 'cents / 100' },
      { functionName: 'price', file: 'src/stalls.ts', at: 'await load(' },
    ],
  },
];
