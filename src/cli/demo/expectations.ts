/** What has to have arrived for the demo to be a success. */
import { isDeepStrictEqual } from 'node:util';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import type { ReceivedRequest } from '../../receiver/index.ts';
import type { Expected, Step } from './step.ts';
import { backgroundFailure } from './steps.ts';
import type { Visit } from './visit.ts';

/** Everything that can be judged when the demo is over. */
export interface Outcome {
  visits: Visit[];
  events: ReplayStackEvent[];
  requests: ReceivedRequest[];
  /** Strings that must not have been sent. */
  secrets: string[];
  /** How the application ended. */
  exit: number | NodeJS.Signals;
}

export interface Verdict {
  /** What was expected, as a sentence. */
  expectation: string;
  /** Why it is not met; empty when it is. */
  problems: string[];
}

/** Where a value departs from what is expected of it. What is not mentioned may be anything. */
export function differences(actual: unknown, expected: Expected, path = ''): string[] {
  if (expected instanceof RegExp) {
    const matches = typeof actual === 'string' && expected.test(actual);
    return matches ? [] : [`${path} is ${JSON.stringify(actual)}, which ${expected} does not match`];
  }
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(
        (actual as Record<string, unknown> | undefined | null)?.[key],
        value,
        path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  return isDeepStrictEqual(actual, expected)
    ? []
    : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
}

/** The event of a visit, by its trace id. */
export function eventOf(visit: Visit, events: ReplayStackEvent[]): ReplayStackEvent | undefined {
  return events.find(({ traceId }) => traceId === visit.traceId);
}

/** The event of the background job. */
export function isBackgroundFailure({ errorName }: ReplayStackEvent): boolean {
  return errorName === backgroundFailure['errorName'];
}

/** What every event of these requests has, and the step's own fields. */
function expectedEvent({ path, step }: Visit): Record<string, Expected> {
  return {
    eventType: 'api',
    method: step.method,
    endpoint: path.replace(/\?.*/, ''),
    statusCode: step.answer,
    serviceName: 'orders-api',
    appVersion: '2.4.1',
    ...step.event,
  };
}

function judgeVisit(visit: Visit, events: ReplayStackEvent[]): Verdict {
  const { step, status, path } = visit;
  const problems: string[] = [];
  if (status !== step.answer) problems.push(`the application answered ${status}, not ${step.answer}`);
  if (step.event === undefined) {
    if (events.some(({ endpoint }) => endpoint === path)) problems.push('there is an event of it');
    return { expectation: `no event: ${step.title}`, problems };
  }
  const event = eventOf(visit, events);
  if (visit.traceId === undefined) problems.push('the answer has no x-trace-id');
  else if (event === undefined) problems.push('no event with the trace id of the answer arrived');
  else problems.push(...differences(event, expectedEvent(visit)));
  return { expectation: `an event: ${step.title}`, problems };
}

type Whole = (outcome: Outcome) => string[];

/** What holds for all that arrived together. */
const overall: Record<string, Whole> = {
  'an event: the background job, outside any request': ({ events }) => {
    const event = events.find(isBackgroundFailure);
    return event === undefined ? ['it did not arrive'] : differences(event, backgroundFailure);
  },
  'each request is one event': ({ visits, events }) => {
    const due = visits.filter(({ step }: { step: Step }) => step.event !== undefined).length + 1;
    return events.length === due ? [] : [`${events.length} events arrived, not ${due}`];
  },
  'the strict receiver accepted everything': ({ requests }) =>
    requests.filter(({ status }) => status !== 200).map(({ status, message }) => `${status}: ${message}`),
  'no secret left the process': ({ requests, secrets }) =>
    secrets
      .filter((secret) => requests.some(({ body }) => body.includes(secret)))
      .map((secret) => `${secret} was sent`),
  'every event names the commit': ({ events }) =>
    events.length > 0 && events.every(({ commitHash }) => /^[\da-f]{7,64}$/.test(commitHash ?? ''))
      ? []
      : ['an event has no commit hash; the demo runs in a git checkout'],
  'the application ended as asked': ({ exit }) => (exit === 0 ? [] : [`it ended with ${exit}`]),
};

/** Judges the demo, in the order in which things were to happen. */
export function judge(outcome: Outcome): Verdict[] {
  return [
    ...outcome.visits.map((visit) => judgeVisit(visit, outcome.events)),
    ...Object.entries(overall).map(([expectation, check]) => ({ expectation, problems: check(outcome) })),
  ];
}
