/** Requests to fixtures/apps/h3 and fixtures/apps/h3-1, which have the same routes, and what must become of each. */
import { headersOf, passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  find: ['src/ships.ts', 'export async function find'],
  weigh: ['src/ships.ts', 'export async function weigh'],
  moor: ['src/ships.ts', 'export async function moor'],
} as const;

/** What the two versions call things. */
export interface Version {
  /** The name of the errors that h3 makes. */
  errorName: string;
  /** What is called to make one. */
  made: string;
  /** What it says where there is no route, and with what cause. */
  nowhere(origin: string): { errorMessage: string; cause: unknown };
}

const metadata = (route: string, more: object = {}): object => ({ framework: 'h3', route, ...more });

export function scenariosOf({ errorName, made, nowhere }: Version): Scenario[] {
  const scenarios: Scenario[] = [
    {
      title: 'a route with a parameter, of what is mounted, and a query that is masked',
      call: { path: '/ships/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
      status: 200,
      event: ({ project, answer, body }) => ({
        traceId: 'from-outside',
        requestUrl: `http://${answer.sent['host']}/ships/1?token=[MASKED]`,
        responsePayload: body,
        breadcrumbs: [step(project, 'find', at.find)],
        metadata: metadata('/ships/:id'),
      }),
    },
    {
      title: 'a body that was read, and a masked field of it',
      call: { method: 'POST', path: '/ships', body: { name: 'Zeven Provincien', password: 'hunter2' } },
      status: 201,
      event: ({ project, body }) => ({
        requestPayload: { name: 'Zeven Provincien', password: '[MASKED]' },
        responsePayload: body,
        breadcrumbs: [step(project, 'moor', at.moor)],
        metadata: metadata('/ships'),
      }),
    },
    {
      title: 'an error that the handler answers itself',
      call: { method: 'POST', path: '/ships', body: { name: 'A name that is much too long' } },
      status: 422,
      event: ({ project, body }) => ({
        requestPayload: { name: 'A name that is much too long' },
        responsePayload: body,
        breadcrumbs: [step(project, 'moor', at.moor, { error: 'RangeError: No berth for a name like that' })],
        metadata: metadata('/ships'),
      }),
    },
    {
      title: 'an HTTP error, in a function that a route calls',
      call: { path: '/ships/99' },
      status: 404,
      event: ({ project, body }) => ({
        responsePayload: body,
        errorName,
        errorMessage: 'No such ship',
        breadcrumbs: [step(project, 'find', at.find, { error: `${errorName}: No such ship` })],
        metadata: metadata('/ships/:id', {
          handled: false,
          cause: { message: 'No such ship' },
          trail: [passed(project, 'find', at.find, { id: '99' })],
        }),
      }),
      frames: [
        { functionName: 'find', file: 'src/ships.ts', at: made },
        { file: 'src/app.ts', at: 'await find' },
      ],
    },
    {
      title: 'a path that leads nowhere',
      call: { path: '/nowhere' },
      status: 404,
      event: ({ answer, body }) => {
        const { errorMessage, cause } = nowhere(`http://${answer.sent['host']}`);
        return {
          responsePayload: body,
          errorName,
          errorMessage,
          metadata: { framework: 'h3', handled: false, cause: { message: cause } },
        };
      },
    },
    {
      title: "a bug two calls deep, which the app's onError answers",
      call: { path: '/ships/2/tons' },
      status: 500,
      event: ({ project, body }) => {
        const errorMessage = "Cannot read properties of undefined (reading 'tons')";
        return {
          responsePayload: body,
          errorName: 'TypeError',
          errorMessage,
          breadcrumbs: [
            step(project, 'weigh', at.weigh, { error: `TypeError: ${errorMessage}` }),
            step(project, 'find', at.find),
          ],
          metadata: metadata('/ships/:id/tons', {
            handled: true,
            trail: [passed(project, 'weigh', at.weigh, { id: '2' })],
          }),
        };
      },
      frames: [
        { functionName: 'tonsOf', file: 'src/ships.ts', at: 'tons;\n' },
        { functionName: 'weigh', file: 'src/ships.ts', at: 'tonsOf(await' },
        { file: 'src/app.ts', at: 'await weigh' },
      ],
    },
  ];
  return scenarios.map(({ event, ...scenario }) => ({
    ...scenario,
    ...(event && { event: (seen) => ({ responseHeaders: headersOf(seen.answer), ...event(seen) }) }),
  }));
}
