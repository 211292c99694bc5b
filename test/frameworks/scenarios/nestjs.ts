/** Requests to fixtures/apps/nestjs, and what must become of each. */
import { passed, step } from '../../support/e2e-event.ts';
import type { Scenario } from '../../support/e2e-scenario.ts';

const at = {
  find: ['src/appointments.controller.ts', 'async find('],
  bill: ['src/appointments.controller.ts', 'async bill('],
  create: ['src/appointments.controller.ts', 'async create('],
  load: ['src/appointments.service.ts', 'async find('],
  rate: ['src/appointments.service.ts', 'async bill('],
  alarm: ['src/rooms.middleware.ts', 'async use('],
  save: ['src/appointments.service.ts', 'async create('],
} as const;

const nestjs = (metadata: object = {}): object => ({ framework: 'nestjs', ...metadata });

export const scenarios: readonly Scenario[] = [
  {
    title: 'a controller behind a guard, with a pipe and an interceptor',
    call: { path: '/v1/appointments/1?token=hidden', headers: { 'x-trace-id': 'from-outside' } },
    status: 200,
    event: ({ project, answer, body }) => ({
      traceId: 'from-outside',
      requestUrl: `http://${answer.sent['host']}/v1/appointments/1?token=[MASKED]`,
      responsePayload: body,
      breadcrumbs: [
        step(project, 'AppointmentsController.find', at.find),
        step(project, 'AppointmentsService.find', at.load),
      ],
      metadata: nestjs({ route: '/v1/appointments/:id' }),
    }),
  },
  {
    title: 'a body that is validated, and a masked field of it',
    call: {
      method: 'POST',
      path: '/v1/appointments',
      body: { patient: 'Grace', minutes: 20, password: 'hunter2' },
    },
    status: 201,
    event: ({ project, body }) => ({
      requestPayload: { patient: 'Grace', minutes: 20, password: '[MASKED]' },
      responsePayload: body,
      breadcrumbs: [
        step(project, 'AppointmentsController.create', at.create),
        step(project, 'AppointmentsService.create', at.save),
      ],
      metadata: nestjs({ route: '/v1/appointments' }),
    }),
  },
  {
    title: 'a body that a pipe refuses',
    call: { method: 'POST', path: '/v1/appointments', body: { patient: 'Grace', minutes: 2 } },
    status: 400,
    event: ({ body }) => ({
      requestPayload: { patient: 'Grace', minutes: 2 },
      responsePayload: body,
      errorName: 'BadRequestException',
      errorMessage: 'Bad Request Exception',
      metadata: nestjs({ route: '/v1/appointments', handled: false }),
    }),
  },
  {
    title: 'a guard that turns a client away',
    call: { path: '/v1/appointments/1', headers: { 'x-api-key': 'wrong' } },
    status: 403,
    event: ({ answer, body }) => ({
      authMode: 'api_key',
      authScheme: 'x-api-key',
      requestHeaders: { ...answer.sent, 'x-api-key': '[MASKED]' },
      responsePayload: body,
      errorName: 'ForbiddenException',
      errorMessage: 'Forbidden resource',
      metadata: nestjs({ route: '/v1/appointments/:id', handled: false }),
    }),
  },
  {
    title: 'an exception of HTTP from a service',
    call: { path: '/v1/appointments/99' },
    status: 404,
    event: ({ project, body }) => {
      const error = { error: 'NotFoundException: No appointment 99' };
      return {
        responsePayload: body,
        errorName: 'NotFoundException',
        errorMessage: 'No appointment 99',
        breadcrumbs: [
          step(project, 'AppointmentsController.find', at.find, error),
          step(project, 'AppointmentsService.find', at.load, error),
        ],
        metadata: nestjs({
          route: '/v1/appointments/:id',
          handled: false,
          trail: [
            passed(project, 'AppointmentsService.find', at.load, { id: 99 }),
            passed(project, 'AppointmentsController.find', at.find, { id: 99 }),
          ],
        }),
      };
    },
  },
  {
    title: 'an exception that a filter of the application answers',
    call: { path: '/v1/appointments/theatre' },
    status: 503,
    event: () => ({
      responsePayload: { unavailable: 'theatre' },
      errorName: 'Error',
      errorMessage: 'Closed',
      metadata: nestjs({ route: '/v1/appointments/theatre', handled: true }),
    }),
  },
  {
    title: 'a route with a configuration of its platform',
    call: { path: '/v1/files/shelf' },
    status: 200,
    event: ({ answer }) => ({
      responsePayload: { shelf: 'x-powered-by' in answer.headers ? null : 7 },
      metadata: nestjs({ route: '/v1/files/shelf' }),
    }),
  },
  {
    title: 'a path that leads nowhere',
    call: { path: '/v1/nowhere' },
    status: 404,
    event: ({ body }) => ({
      responsePayload: body,
      errorName: 'NotFoundException',
      errorMessage: 'Cannot GET /v1/nowhere',
      metadata: nestjs({ handled: false }),
    }),
  },
  {
    title: 'a body for a path that leads nowhere',
    call: { method: 'POST', path: '/v1/nowhere', body: { patient: 'Grace', password: 'hunter2' } },
    status: 404,
    event: ({ body }) => ({
      requestPayload: { patient: 'Grace', password: '[MASKED]' },
      responsePayload: body,
      errorName: 'NotFoundException',
      errorMessage: 'Cannot POST /v1/nowhere',
      metadata: nestjs({ handled: false }),
    }),
  },
  {
    title: 'middleware that turns a client away',
    call: { path: '/v1/rooms/1', headers: { 'x-room': 'locked' } },
    status: 401,
    event: ({ body }) => ({
      responsePayload: body,
      errorName: 'UnauthorizedException',
      errorMessage: 'Locked',
      metadata: nestjs({ handled: false }),
    }),
    frames: [{ file: 'src/rooms.middleware.ts', at: 'new UnauthorizedException' }],
  },
  {
    title: 'async middleware that fails',
    call: { path: '/v1/rooms/1', headers: { 'x-room': 'on fire' } },
    status: 500,
    event: ({ project, answer, body }) => ({
      responsePayload: body,
      errorName: 'Error',
      errorMessage: 'Leave the building',
      breadcrumbs: [step(project, 'AlarmMiddleware.use', at.alarm, { error: 'Error: Leave the building' })],
      metadata: nestjs({
        handled: false,
        trail: [
          passed(project, 'AlarmMiddleware.use', at.alarm, {
            headers: answer.sent,
            _response: '[Stream]',
            next: '[Function]',
          }),
        ],
      }),
    }),
    frames: [{ file: 'src/rooms.middleware.ts', at: 'new Error(' }],
  },
  {
    title: 'a bug three calls deep',
    call: { path: '/v1/appointments/99/bill' },
    status: 500,
    event: ({ project, body }) => {
      const errorMessage = "Cannot read properties of undefined (reading 'minutes')";
      const error = { error: `TypeError: ${errorMessage}` };
      return {
        responsePayload: body,
        errorName: 'TypeError',
        errorMessage,
        breadcrumbs: [
          step(project, 'AppointmentsController.bill', at.bill, error),
          step(project, 'AppointmentsService.bill', at.rate, error),
        ],
        metadata: nestjs({
          route: '/v1/appointments/:id/bill',
          handled: false,
          trail: [
            passed(project, 'AppointmentsService.bill', at.rate, { id: 99 }),
            passed(project, 'AppointmentsController.bill', at.bill, { id: 99 }),
          ],
        }),
      };
    },
    frames: [
      { file: 'src/appointments.service.ts', at: 'minutes;' },
      { file: 'src/appointments.service.ts', at: 'this.#rateOf(id)' },
      { file: 'src/appointments.controller.ts', at: 'await this.appointments.bill' },
    ],
  },
];
