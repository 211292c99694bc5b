/**
 * A call that goes out, to a server or a database, as a breadcrumb: written when the call begins, so that one that never
 * ends is told as well, and completed when it is answered.
 */
import { now } from '../clock.ts';
import type { Note } from '../observe/breadcrumbs.ts';
import { keepNote, toMilliseconds } from '../observe/breadcrumbs.ts';
import type { Level } from '../protocol.ts';
import type { Scope } from '../scope.ts';

export interface OutboundCall extends Note {
  /** When the running call began. */
  began: number;
  /** Total duration of the calls that ended, in milliseconds. */
  ms: number;
  calls: number;
  running: boolean;
}

/** The request or job that calls are told of; undefined if nobody wants to hear of them. */
export function audible(scope: Scope | undefined): Scope | undefined {
  return scope?.trail.muted ? undefined : scope;
}

/** Records that a call began. */
export function beginOutbound(
  scope: Scope,
  message: string,
  category: string,
  facts: Record<string, unknown>,
): OutboundCall {
  const at = now();
  const call: OutboundCall = {
    message,
    category,
    level: 'info',
    metadata: asRunning(facts),
    at,
    began: at,
    ms: 0,
    calls: 1,
    running: true,
  };
  keepNote(scope.trail, call);
  return call;
}

/** The same, but joined to the breadcrumb right before it if that is of the same call and has ended. */
export function joinOutbound(
  scope: Scope,
  message: string,
  category: string,
  facts: Record<string, unknown>,
): OutboundCall {
  const call = scope.trail.last as Partial<OutboundCall> | undefined;
  if (!isEnded(call) || call.message !== message || call.category !== category) {
    return beginOutbound(scope, message, category, facts);
  }
  call.calls++;
  call.began = now();
  call.running = true;
  call.metadata = asRunning(call.metadata);
  return call;
}

/** A copy: what was captured meanwhile stays as it was. On Node 20 a spread with a field behind it takes ten times as long. */
function asRunning(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.assign({}, facts, { running: true });
}

/** Whether a breadcrumb is that of a call which has ended well. */
function isEnded(note: Partial<OutboundCall> | undefined): note is OutboundCall {
  return note?.running === false && note.level === 'info';
}

/**
 * Records that a call was answered, or failed; an answer that breaks off does both.
 *
 * @param facts what the answer tells
 */
export function endOutbound(call: OutboundCall, level: Level, facts?: Record<string, unknown>): void {
  if (call.running) call.ms += now() - call.began;
  const { running: _running, ...known } = call.metadata;
  call.running = false;
  call.level = level;
  call.metadata = Object.assign(known, facts, { durationMs: toMilliseconds(call.ms) });
  if (call.calls > 1) call.metadata['calls'] = call.calls;
}

/** Why it failed, by code or kind: messages of databases repeat values. */
export function reasonOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return String(typeof code === 'string' && code !== '' ? code : (name ?? 'Error'));
}
