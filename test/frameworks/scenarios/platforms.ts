/** Requests to fixtures/apps/platforms, and what must become of each on the platforms that run it. */
import { expect } from 'vitest';
import { headersOf, MASKED, passed, step, STREAMED } from '../../support/e2e-event.ts';
import type { SourceFrame } from '../../support/e2e-event.ts';
import type { Project } from '../../support/e2e-project.ts';
import type { Scenario, Visit } from '../../support/e2e-scenario.ts';

export const at = {
  answer: ['src/answer.ts', 'export async function answer'],
  read: ['src/notes.ts', 'export async function read'],
  save: ['src/notes.ts', 'export async function save'],
} as const;

type Place = readonly [file: string, text: string];

/** Where an error is thrown, innermost first. */
export const frames: SourceFrame[] = [
  { functionName: 'load', file: 'src/notes.ts', at: 'new RangeError' },
  { functionName: 'read', file: 'src/notes.ts', at: 'await load(' },
  { functionName: 'answer', file: 'src/answer.ts', at: 'await read(id), { headers' },
];

export interface Platform {
  framework: string;
  /** The function of the platform's that calls the application, if it is observed. */
  handler?: { name: string; place: Place };
  /** The pattern that the platform's own file stands for. */
  route?: string;
  /** As the platform tells it. @default '127.0.0.1' */
  sourceIp?: string | undefined;
  /** Headers that the platform adds to a request. */
  headers?: Record<string, string>;
  /** Frames are those of the source; else they are as the engine wrote them. */
  mapped: boolean;
}

/** By platform. */
export function scenariosOn(platform: Platform): readonly Scenario[] {
  const { framework, handler, route, headers, mapped } = platform;
  const metadata = (more: object = {}): object => ({
    framework,
    ...(route !== undefined && { route }),
    ...more,
  });
  /** What is observed of the platform's handler and of `answer`, and then this. */
  const steps = (project: Project, error: object, ...inner: unknown[]): unknown[] => [
    ...(handler ? [step(project, handler.name, handler.place, error)] : []),
    step(project, 'answer', at.answer, error),
    ...inner,
  ];
  const all: Scenario[] = [
    {
      title: 'an answer with cookies',
      call: {
        path: '/notes/1?token=hidden&page=2',
        headers: { 'user-agent': 'curl/8', 'x-trace-id': 'outside' },
      },
      status: 200,
      event: ({ project, answer }) => ({
        traceId: 'outside',
        userAgent: 'curl/8',
        requestUrl: `http://${answer.sent['host']}/notes/1?token=${MASKED}&page=2`,
        responseHeaders: expect.objectContaining({
          'content-type': answer.headers['content-type'],
          'set-cookie': [`session=${MASKED}; HttpOnly`, `page=${MASKED}`],
          'x-trace-id': 'outside',
        }),
        responsePayload: { text: 'first' },
        breadcrumbs: steps(project, {}, step(project, 'read', at.read)),
        metadata: metadata(),
      }),
    },
    {
      title: 'JSON, and a masked field of it',
      call: {
        method: 'POST',
        path: '/notes',
        headers: { authorization: 'Bearer SECRET', cookie: 'session=SECRET' },
        body: { text: 'second', password: 'hunter2' },
      },
      status: 201,
      event: ({ project }) => ({
        authMode: 'bearer',
        authScheme: 'Bearer',
        requestPayload: { text: 'second', password: MASKED },
        responsePayload: { id: '2', length: 13 },
        breadcrumbs: steps(project, {}, step(project, 'save', at.save)),
        metadata: metadata(),
      }),
    },
    {
      title: 'a redirect',
      call: { path: '/home' },
      status: 302,
      event: ({ project }) => ({ breadcrumbs: steps(project, {}), metadata: metadata() }),
    },
    ...['/picture', '/bytes'].map((path) => ({
      title: `what is no text: ${path}`,
      call: { path },
      status: 200,
      event: ({ project, answer }: Visit & { project: Project }) => ({
        // Bun says of bytes that they are bytes when it sends them.
        ...(path === '/bytes' && { responseHeaders: { 'x-trace-id': answer.headers['x-trace-id'] } }),
        responsePayload: STREAMED,
        breadcrumbs: steps(project, {}),
        metadata: metadata(),
      }),
    })),
    {
      title: 'a path that leads nowhere',
      call: { path: '/nowhere' },
      status: 404,
      event: ({ project, body }) => ({
        responsePayload: body,
        breadcrumbs: steps(project, {}),
        metadata: metadata(),
      }),
    },
    {
      title: 'an error that the application makes a 404 of',
      call: { path: '/perhaps/none' },
      status: 404,
      event: ({ project, body }) => ({
        responsePayload: body,
        breadcrumbs: steps(
          project,
          {},
          step(project, 'read', at.read, { error: 'RangeError: There is no note none' }),
        ),
        metadata: metadata(),
      }),
    },
    {
      title: 'an error that the application makes a 500 of',
      call: { path: '/sorry/none' },
      status: 500,
      event: ({ project, body }) => ({
        responsePayload: body,
        errorName: 'RangeError',
        errorMessage: 'There is no note none',
        breadcrumbs: steps(
          project,
          {},
          step(project, 'read', at.read, { error: 'RangeError: There is no note none' }),
        ),
        metadata: metadata({ handled: true, trail: [passed(project, 'read', at.read, { id: 'none' })] }),
      }),
    },
    {
      title: 'an error three calls deep that nobody handles',
      call: { path: '/notes/none', headers: { 'x-trace-id': 'unhandled' } },
      status: 500,
      untraced: true,
      event: ({ project }) => {
        const error = { error: 'RangeError: There is no note none' };
        return {
          statusCode: undefined,
          responseHeaders: undefined,
          errorName: 'RangeError',
          errorMessage: 'There is no note none',
          breadcrumbs: steps(project, error, step(project, 'read', at.read, error)),
          metadata: metadata({
            handled: false,
            trail: [
              passed(project, 'read', at.read, { id: 'none' }),
              passed(project, 'answer', at.answer, { request: '[Request]' }),
              ...(handler ? [passed(project, handler.name, handler.place)] : []),
            ],
          }),
        };
      },
      ...(mapped && { frames }),
    },
  ];
  return all.map(({ event, ...scenario }) => ({
    ...scenario,
    ...(event && {
      event: (seen) => {
        const { authorization, cookie } = seen.answer.sent;
        const masked = {
          ...(authorization && { authorization: MASKED }),
          ...(cookie && { cookie: `session=${MASKED}` }),
        };
        const own = event(seen);
        return {
          requestHeaders: { ...seen.answer.sent, ...headers, ...masked },
          responseHeaders: headersOf(seen.answer),
          ...('sourceIp' in platform && { sourceIp: platform.sourceIp }),
          ...own,
        };
      },
    }),
  }));
}
