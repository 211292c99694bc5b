/** What an event must be, whole: every key of the contract, computed from the request, the answer and the source. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Breadcrumb, Level, ReplayStackEvent, StackFrame } from '../../runtime/protocol.ts';
import { validateEvent } from '../../src/receiver/validate-event.ts';
import type { Answer, Call } from './e2e-http.ts';
import { applicationHeaders } from './e2e-http.ts';
import type { Project } from './e2e-project.ts';
import { positionOf } from './e2e-project.ts';

export const MASKED = '[MASKED]';
export const STREAMED = { captured: false, reason: 'Streaming response body not captured' };

/** The fields of an event as a test names them. `breadcrumbs` are those between the first and the last. */
export type Expected = Partial<Record<keyof ReplayStackEvent, unknown>>;

const timestamp: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const milliseconds: unknown = expect.toSatisfy(
  (value) => typeof value === 'number' && value >= 0,
  'is a time in ms',
);

/** A breadcrumb that no observed function left. */
export function note(message: string, category: string, level: Level, metadata: object): unknown {
  return { message, category, level, metadata, timestamp };
}

/** The breadcrumb of an observed function: where it stands in the source, and how it ended. */
export function step(
  project: Project,
  name: string,
  [file, text]: readonly [file: string, text: string],
  more: { error?: string; calls?: number; running?: boolean } = {},
): unknown {
  const { line } = positionOf(project, file, text);
  const { running, ...rest } = more;
  const metadata = {
    fileName: file,
    lineNumber: line,
    ...(running === true ? { running } : { durationMs: milliseconds }),
    ...rest,
  };
  return note(name, 'function', more.error === undefined ? 'info' : 'error', metadata);
}

/** An entry of `metadata.trail`. */
export function passed(
  project: Project,
  functionName: string,
  [file, text]: readonly [file: string, text: string],
  args: object = {},
): unknown {
  return { functionName, fileName: file, lineNumber: positionOf(project, file, text).line, arguments: args };
}

/** A frame of the application by its original position. */
export interface SourceFrame {
  /** Left out: the function has none, and the engine makes one up. */
  functionName?: string | null;
  file: string;
  /** The first occurrence is meant. */
  at: string;
  /** Whether the column, too, must be that of the text: some bundlers' maps are less exact. */
  exact?: boolean;
}

/** The event of a request, given what is its own; whatever is not mentioned must not be there. */
export function requestEvent(
  project: Project,
  origin: string,
  call: Call,
  answer: Answer,
  own: Expected,
): object {
  const { breadcrumbs = [], metadata = {}, ...rest } = own;
  const { name, version } = JSON.parse(project.read('package.json')) as { name: string; version: string };
  const method = call.method ?? 'GET';
  const path = call.path.replace(/[?#].*/, '');
  const failed = own.errorMessage !== undefined;
  // Nobody knows what a platform answers when its handler fails.
  const statusCode = 'statusCode' in own ? own.statusCode : answer.status;
  return {
    traceId: answer.headers['x-trace-id'],
    eventType: 'api',
    method,
    endpoint: path,
    requestUrl: origin + call.path,
    authMode: 'none',
    requestHeaders: answer.sent,
    responseHeaders: applicationHeaders(answer.headers),
    status: answer.status >= 500 ? 'failed' : answer.status >= 400 ? 'warning' : 'success',
    statusCode: answer.status,
    executionTimeMs: milliseconds,
    serviceName: name.replace(/^@.*\//, ''),
    environment: 'production',
    appVersion: version,
    commitHash: project.commit,
    sourceIp: '127.0.0.1',
    ...(own.errorName !== undefined && { stackTrace: expect.any(String), stackFrames: expect.any(Array) }),
    ...rest,
    breadcrumbs: [
      note('HTTP request started', 'http', 'info', { method, path }),
      ...(breadcrumbs as unknown[]),
      ...(failed ? [note('Unhandled exception captured', 'exception', 'error', {})] : []),
      note('HTTP request finished', 'http', 'info', {
        statusCode,
        executionTimeMs: milliseconds,
      }),
    ],
    metadata,
  };
}

/** The headers of an answer whose server adds the length at last: perhaps later than the event looks at them. */
export function headersOf({ headers }: Answer): unknown {
  const { 'content-length': length, ...expected } = applicationHeaders(headers);
  return expect.toSatisfy(
    (actual: Record<string, unknown>) => {
      const { 'content-length': _ = length, ...others } = actual;
      return isDeepStrictEqual(others, expected);
    },
    `has the headers ${JSON.stringify(expected)}`,
  );
}

/** Holds an event against the contract, and against all that is expected of it. */
export function checkEvent(event: ReplayStackEvent, expected: object): void {
  expect(validateEvent(event)).toEqual([]);
  expect(event).toEqual(expected);
}

/**
 * Holds the frames against the source: those of the application have their original file, line and name, in this order; the
 * others, of libraries, are as the engine wrote them.
 *
 * @param columns whether they must be those of the source, too
 */
export function checkFrames(
  project: Project,
  event: ReplayStackEvent,
  expected: SourceFrame[],
  columns = false,
): StackFrame[] {
  const { stackTrace = '', stackFrames = [], errorName, errorMessage } = event;
  expect(stackTrace).toBe(
    [`${errorName}: ${errorMessage}`, ...stackFrames.map(({ raw }) => `    ${raw}`)].join('\n'),
  );
  const isOwn = ({ fileName }: StackFrame): boolean => /^(?:src|server|app)\//.test(fileName ?? '');
  const own = stackFrames.filter(isOwn);
  const position = (file: string | null, line: number | null, column: number | null): string =>
    [file, line, ...(columns ? [column] : [])].join(':');
  expect(
    own.map(({ fileName, lineNumber, columnNumber }) => position(fileName, lineNumber, columnNumber)),
  ).toEqual(
    expected.map(({ file, at }) => {
      const { line, column } = positionOf(project, file, at);
      return position(file, line, column);
    }),
  );
  for (const [index, { functionName, file, at, exact }] of expected.entries()) {
    if (functionName !== undefined) expect(own[index]?.functionName).toBe(functionName);
    if (exact === true) expect(own[index]?.columnNumber).toBe(positionOf(project, file, at).column);
  }
  for (const { fileName, lineNumber, columnNumber, functionName, raw } of stackFrames) {
    // What frameworks write into a folder of their own has a map, too.
    if (own.some((frame) => frame.raw === raw) || /^\.[\w-]+\//.test(fileName ?? '')) continue;
    // `JSON.parse (<anonymous>)` is nowhere.
    if (fileName !== null) expect(raw).toContain(`${fileName}:${lineNumber}:${columnNumber}`);
    if (functionName !== null) expect(raw).toContain(functionName);
  }
  return own;
}

/** Messages, categories and levels alone, where the order is the point. */
export function outline(breadcrumbs: Breadcrumb[] = []): string[] {
  return breadcrumbs.map(({ message, level }) => (level === 'error' ? `${message}!` : message));
}
