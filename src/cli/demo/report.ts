/** What the demo shows to people: the list of events, one failure in full, and how it all was judged. */
import { inspect } from 'node:util';
import type { ReplayStackEvent, StackFrame, TrailEntry } from '../../../runtime/protocol.ts';
import { paint } from '../paint.ts';
import { excerptOf } from './excerpt.ts';
import type { Verdict } from './expectations.ts';

type Paint = (text: string) => string;

const paints: Record<ReplayStackEvent['status'], Paint> = {
  success: paint.green,
  warning: paint.yellow,
  failed: paint.red,
  pending: paint.cyan,
};

function eventLine(event: ReplayStackEvent): string {
  const {
    method = event.eventType,
    endpoint = '',
    status,
    statusCode,
    executionTimeMs,
    breadcrumbs = [],
  } = event;
  const time = executionTimeMs === undefined ? '' : `${executionTimeMs.toFixed(1)} ms`;
  const columns = [
    method.padEnd(7),
    endpoint.padEnd(30),
    paints[status](String(statusCode ?? status).padEnd(7)),
    time.padStart(10),
    paint.dim(`${String(breadcrumbs.length).padStart(3)} crumbs`),
    event.errorName === undefined ? '' : paint.red(`${event.errorName}: ${event.errorMessage}`),
  ];
  return `  ${columns.join(' ')}`.trimEnd();
}

/** One line an event, in the order of arrival. */
export function eventList(events: ReplayStackEvent[]): string[] {
  return [paint.bold(`${events.length} events arrived`), ...events.map(eventLine)];
}

/** Nothing for frames of Node and of dependencies. */
function frameInFull(frame: StackFrame): string[] {
  const lines = excerptOf(frame);
  if (lines.length === 0) return [];
  const place = `${frame.fileName}:${frame.lineNumber}:${frame.columnNumber}`;
  const title = `${paint.cyan(frame.functionName ?? 'anonymous')} ${paint.dim(place)}`;
  return ['', ...[title, ...lines].map((line) => `  ${line}`)];
}

function trailLine({ functionName, fileName, lineNumber, arguments: values }: TrailEntry): string {
  const call = `  ${paint.cyan(functionName)} ${paint.dim(`${fileName}:${lineNumber}`)}`;
  if (Object.keys(values).length === 0) return call;
  return `${call}\n    ${inspect(values, { depth: 4, breakLength: Infinity, colors: paint.isColorSupported })}`;
}

/** One event with the source of its frames, the arguments on the error's way, and its commit. */
export function failure(event: ReplayStackEvent): string[] {
  const { method, endpoint, statusCode, errorName, errorMessage, stackFrames = [], breadcrumbs = [] } = event;
  const trail = (event.metadata?.['trail'] ?? []) as TrailEntry[];
  return [
    paint.bold(`${method} ${endpoint} ${statusCode}, in full`),
    `  ${paint.red(`${errorName}: ${errorMessage}`)}`,
    `  commit ${event.commitHash ?? 'unknown'}${event.metadata?.['dirty'] === true ? ', with changes since' : ''}`,
    ...stackFrames.flatMap(frameInFull),
    '',
    paint.bold('The way the error took, with the arguments of each call'),
    ...trail.map(trailLine),
    '',
    paint.bold('What happened before'),
    ...breadcrumbs.map(
      ({ message, category, level }) => `  ${paint.dim(category.padEnd(9))} ${level.padEnd(7)} ${message}`,
    ),
  ];
}

/** The verdicts: all of them where something is missing, else their number. */
export function verdictList(verdicts: Verdict[]): string[] {
  const missed = verdicts.filter(({ problems }) => problems.length > 0);
  if (missed.length === 0) return [paint.green(`All ${verdicts.length} expectations are met.`)];
  return [
    ...verdicts.flatMap(({ expectation, problems }) =>
      problems.length === 0
        ? [`  ${paint.green('met')}    ${expectation}`]
        : [`  ${paint.red('missed')} ${expectation}`, ...problems.map((problem) => `           ${problem}`)],
    ),
    paint.red(`${missed.length} of ${verdicts.length} expectations are not met.`),
  ];
}
