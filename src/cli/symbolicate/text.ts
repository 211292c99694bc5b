/** An event for people: what failed, and where in the source. */
import { readFileSync } from 'node:fs';
import type { StackFrame } from '../../../runtime/protocol.ts';
import { excerpt } from '../excerpt.ts';
import { paint } from '../paint.ts';
import type { Resolved } from './frames.ts';

export function describeEvent({ event, sources }: Resolved, around: number): string[] {
  const {
    method,
    eventType,
    endpoint,
    statusCode,
    errorName,
    errorMessage,
    commitHash,
    stackFrames = [],
  } = event;
  const what = [method ?? eventType, endpoint, statusCode].filter((part) => part !== undefined).join(' ');
  const error = [errorName, errorMessage].filter((part) => part !== undefined).join(': ');
  const commit = commitHash === undefined ? '' : `, commit ${commitHash}`;
  return [
    paint.bold(what) + paint.dim(`, trace ${event.traceId}${commit}`),
    ...(error === '' ? [] : [paint.red(error)]),
    ...framesOf(stackFrames),
    ...broughtBy(event.metadata ?? {}, framesOf),
  ];

  function framesOf(frames: readonly StackFrame[]): string[] {
    return frames.flatMap((frame) =>
      sources.has(frame)
        ? original(frame, sources.get(frame) ?? undefined, around)
        : [paint.dim(`  ${frame.raw}`)],
    );
  }
}

interface Brought {
  name?: unknown;
  message?: unknown;
  stackFrames?: readonly StackFrame[];
  cause?: unknown;
  errors?: unknown;
}

/** The causes of an error, and the errors of an AggregateError; what the application has put there itself is none. */
function broughtBy(
  { cause, errors }: Brought,
  framesOf: (frames: readonly StackFrame[]) => string[],
): string[] {
  return [cause, errors].flat().flatMap((one) => {
    const error = Object(one) as Brought;
    if (!Array.isArray(error.stackFrames)) return [];
    const what = [error.name, error.message].filter((part) => typeof part === 'string').join(': ');
    return [
      paint.red(`${one === cause ? 'caused by' : 'one of'} ${what}`),
      ...framesOf(error.stackFrames as StackFrame[]),
      ...broughtBy(error, framesOf),
    ];
  });
}

function original(frame: StackFrame, text: string | undefined, around: number): string[] {
  const { functionName, fileName, lineNumber, columnNumber } = frame;
  const place = `${fileName}:${lineNumber}:${columnNumber}`;
  const source = text ?? readSource(fileName ?? '');
  const lines =
    source === undefined || lineNumber === null
      ? []
      : excerpt({ source, line: lineNumber, column: columnNumber, around });
  return [`  ${paint.cyan(functionName ?? '<anonymous>')} ${place}`, ...lines.map((line) => `    ${line}`)];
}

/** For a map without its sources: the file as it is in the project that one stands in. */
function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
