/** A request as data, with what must become of it, and how an application is held against it. */
import { expect } from 'vitest';
import type { Receiver } from '../../src/receiver/index.ts';
import type { Expected, SourceFrame } from './e2e-event.ts';
import { checkEvent, checkFrames, requestEvent } from './e2e-event.ts';
import type { Answer, Call } from './e2e-http.ts';
import { open } from './e2e-http.ts';
import type { Project } from './e2e-project.ts';

/** What later requests need of earlier answers: the fields of each that went well. */
export type Memory = Partial<Record<'token' | 'id', string>>;

export interface Scenario {
  title: string;
  call: Call | ((memory: Memory) => Call);
  /** Breaks off after the first piece of the answer. */
  leaves?: boolean;
  status: number;
  /** The framework makes the answer itself, without a trace id: the call has one. */
  untraced?: boolean;
  /** What the event has beyond what every event of a request has. Nothing for a request of which no event must come. */
  event?: (seen: Visit & { project: Project }) => Expected;
  /** The application's frames on the stack, innermost first. */
  frames?: SourceFrame[];
}

export interface Visit {
  call: Call;
  answer: Answer;
  /** Of the answer, if it is JSON; the first line of it, if it is many. */
  body: Record<string, unknown>;
}

/** Sends a scenario's request. */
export async function visit(scenario: Scenario, origin: string, memory: Memory = {}): Promise<Visit> {
  const call = typeof scenario.call === 'function' ? scenario.call(memory) : scenario.call;
  const began = performance.now();
  const { rest, next, leave, ...head } = await open(origin, call);
  const text = scenario.leaves === true ? await next() : await rest();
  leave();
  const body = jsonOf(text) ?? jsonOf(text.split('\n')[0] ?? '') ?? {};
  if (head.status < 300) Object.assign(memory, body);
  return { call, answer: { ...head, body: text, tookMs: performance.now() - began }, body };
}

/** Undefined if it is no JSON, or no object. */
function jsonOf(text: string): Visit['body'] | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Visit['body'];
  } catch {
    return undefined;
  }
}

/** The application answered as it does without the plugin, but for the trace id: ids and times differ from run to run. */
export function checkAnswer({ status, event, untraced }: Scenario, visit: Visit, without: Visit): void {
  const { 'x-trace-id': traceId, ...headers } = visit.answer.headers;
  expect(visit.answer.status).toBe(status);
  expect(without.answer.status).toBe(status);
  expect(Object.keys(headers)).toEqual(Object.keys(without.answer.headers));
  expect(keysOf(visit.body)).toEqual(keysOf(without.body));
  expect(typeof traceId).toBe(event === undefined || untraced === true ? 'undefined' : 'string');
}

/** Where a visit's event is, and what is known of it. */
interface Checked {
  project: Project;
  origin: string;
  receiver: Receiver;
  columns?: boolean | undefined;
  /** Waits until an event that must not come would have come. */
  settle?: () => Promise<void>;
}

/** The visit became one event, all of which is as it should be; or none, if there should be none. */
export async function checkVisit(
  scenario: Scenario,
  visit: Visit,
  { project, origin, receiver, columns, settle }: Checked,
): Promise<void> {
  const { call, answer } = visit;
  const path = call.path.replace(/\?.*/, '');
  const id = answer.headers['x-trace-id'] ?? answer.sent['x-trace-id'];
  if (scenario.event === undefined) {
    await settle?.();
    expect(receiver.events.map(({ endpoint }) => endpoint)).not.toContain(path);
    return;
  }
  const event = await receiver.waitFor(({ traceId }) => traceId === id);
  const own = { traceId: id, ...scenario.event({ ...visit, project }) };
  checkEvent(event, requestEvent(project, origin, call, answer, own));
  expect(receiver.events.filter(({ traceId }) => traceId === id)).toHaveLength(1);
  if (scenario.frames !== undefined) checkFrames(project, event, scenario.frames, columns);
}

function keysOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]));
}
