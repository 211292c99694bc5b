/**
 * The way an error took: every observed call that it passed through, innermost first, with that call's arguments. Kept
 * beside the error, never on it, and only for as long as the error lives.
 */
import { build } from 'unplugin-replaystack/runtime/build';
import type { Breadcrumbs, Call } from './breadcrumbs.ts';
import { parseSite } from './breadcrumbs.ts';
import type { ReplayStackClient } from '../client.ts';
import { isControlFlow } from './control-flow.ts';
import type { EventDraft } from '../event/build-event.ts';
import type { TrailEntry } from '../protocol.ts';
import { activeScope, runInScope, type Scope } from '../scope.ts';
import { runtime } from '../state.ts';
import { defer } from '#platform';

/** The way of one error through one request, or through what runs outside of any. */
export interface Passage {
  readonly steps: { site: string; args: Record<string, unknown> | undefined }[];
  /** It is about to become an event of its own. */
  due: boolean;
  /** It is part of an event. */
  claimed: boolean;
}

/** Passages by where their calls left their breadcrumbs: an error that is made once may be thrown by many requests at a time. */
export type Passages = WeakMap<Breadcrumbs, Passage>;

/** An error that climbs through deep recursion needs no more than its innermost calls. */
const MAX_STEPS = 20;

/** The passage of an error through the calls that leave their breadcrumbs in this ring. */
export function passageOf(error: unknown, ring: Breadcrumbs): Passage {
  const { errors, values } = runtime();
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
  let passages = isObject ? errors.get(error) : values.get(error);
  if (passages === undefined) {
    passages = new WeakMap();
    if (isObject) errors.set(error, passages);
    else {
      values.set(error, passages);
      defer(() => values.delete(error));
    }
  }
  let passage = passages.get(ring);
  if (passage === undefined) passages.set(ring, (passage = { steps: [], due: false, claimed: false }));
  return passage;
}

/** Notes that an error passed through an observed call, and reports it if there is no request it could belong to. */
export function noteFailure(call: Call, error: unknown, args: Record<string, unknown> | undefined): void {
  if (isControlFlow(error)) return;
  call.failed = true;
  call.error = inWords(error);
  const passage = passageOf(error, call.ring);
  if (passage.steps.length < MAX_STEPS) passage.steps.push({ site: call.site, args });
  const scope = activeScope();
  if (scope !== undefined) scope.thrown = { error, passage };
  if (build.captureErrors && isOutside(scope)) reportAlone(error, passage);
}

/** Whether no request is to come to its end. Where a scope gets lost on the way, there most likely is one. */
function isOutside(scope: Scope | undefined): boolean {
  return scope?.closed ?? runtime().storage?.synchronous !== true;
}

/** Takes an error for an event, so that no other is made of it. @returns `metadata.trail`, if it passed an observed call */
export function claimError(error: unknown, ring: Breadcrumbs): TrailEntry[] | undefined {
  const passage = passageOf(error, ring);
  passage.claimed = true;
  return toTrail(passage);
}

/** `metadata.trail`; undefined when no observed call was passed. */
export function toTrail(...passages: Passage[]): TrailEntry[] | undefined {
  const steps = passages.flatMap(({ steps }) => steps);
  if (steps.length === 0) return undefined;
  return steps.map(({ site, args }) => ({ ...parseSite(site), arguments: args ?? {} }));
}

/**
 * The next macrotask is late enough: by then the error has left every observed function that only passes it on, and who
 * captures it by hand has done so.
 */
function reportAlone(error: unknown, passage: Passage): void {
  const { client } = runtime();
  if (!client || passage.due || passage.claimed) return;
  passage.due = true;
  const due = (runtime().due ??= new Set());
  const report = (): void => {
    if (due.delete(report)) void captureAlone(client, error, passage);
  };
  due.add(report);
  defer(report);
}

/** The process ends before the next macrotask. */
export function reportDue(): void {
  runtime().due?.forEach((report) => report());
}

/**
 * Captures an error that nobody caught, unless it is part of an event already.
 *
 * @param ending whether the process ends by it, so that no event of the request that it happened in is to come
 */
export function captureFatal(
  client: ReplayStackClient,
  error: unknown,
  origin: string,
  ending: boolean,
): void {
  const scope = runtime().left ?? activeScope();
  const draft: EventDraft = {};
  if (ending && scope?.closed === false && scope.describe !== undefined) {
    scope.describe(draft, scope.exchange);
    draft.eventType ??= 'api';
    draft.status = 'failed';
  }
  draft.metadata = { ...scope?.metadata, ...draft.metadata, handled: false, origin };
  const capture = (): unknown =>
    captureAlone(client, error, passageOf(error, (scope ?? client).trail), draft);
  if (scope === undefined) capture();
  else runInScope(scope, capture);
}

async function captureAlone(
  client: ReplayStackClient,
  error: unknown,
  passage: Passage,
  draft: EventDraft = {},
): Promise<void> {
  if (passage.claimed) return;
  const trail = toTrail(passage);
  const endpoint = trail?.at(-1)?.functionName;
  try {
    await client.captureException(error, {
      eventType: 'custom',
      ...(endpoint && { endpoint }),
      ...draft,
      metadata: { ...draft.metadata, ...(trail && { trail }) },
    });
  } catch (failure) {
    client.reportInternalError(failure);
  }
}

/** `TypeError: message` of whatever was thrown; never throws. */
function inWords(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'unreadable error';
  }
}
