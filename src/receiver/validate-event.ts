/** The event of `runtime/protocol.ts` as checks, field by field: what a strict receiver accepts and nothing more. */
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import {
  anything,
  arrayOf,
  boolean,
  type Check,
  integer,
  is,
  isoTimestamp,
  isRecord,
  oneOf,
  orNull,
  recordOf,
  shape,
  string,
  text,
} from './checks.ts';

/** The contract cuts requestUrl at this many UTF-8 bytes. */
const MAX_URL_BYTES = 8192;

const level = oneOf('debug', 'info', 'warning', 'error');

const plainObject = recordOf(anything);

const url = is(`an absolute http(s) URL of at most ${MAX_URL_BYTES} bytes`, (value) => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  return /^https?:\/\//.test(value) && Buffer.byteLength(value) <= MAX_URL_BYTES;
});

const path = is('a path without host, query or fragment', (value) => /^\/[^?#]*$/.test(String(value)));

/** What stands in the place of a value that was too large. */
const truncated = shape({
  required: {
    __truncated: is('true', (value) => value === true),
    originalSizeBytes: integer(0),
    maxSizeBytes: integer(0),
    preview: is(
      'a string of at most 2000 characters',
      (value) => typeof value === 'string' && value.length <= 2000,
    ),
  },
});

/** A payload is any JSON value, but one that says it was cut says so properly. */
const payload: Check = (value, path, problems) => {
  if (isRecord(value) && '__truncated' in value) truncated(value, path, problems);
};

const headerValue = is('a string, a number or an array of strings', (value) =>
  Array.isArray(value)
    ? value.every((entry) => typeof entry === 'string')
    : typeof value === 'string' || typeof value === 'number',
);

const headers: Check = (value, path, problems) => {
  const check = isRecord(value) && '__truncated' in value ? truncated : recordOf(headerValue);
  check(value, path, problems);
};

const stackFrame = shape({
  required: {
    functionName: orNull(string),
    fileName: orNull(text),
    lineNumber: orNull(integer(1)),
    columnNumber: orNull(integer(1)),
    raw: string,
  },
});

const breadcrumb = shape({
  required: { message: string, category: text, level, metadata: plainObject, timestamp: isoTimestamp },
});

const logEntry = shape({
  required: { level, message: string, metadata: plainObject, timestamp: isoTimestamp },
});

const trailEntry = shape({
  required: { functionName: string, fileName: text, lineNumber: integer(1), arguments: plainObject },
});

/** Free, but for the keys that the contract gives a meaning. */
const metadata = shape({
  optional: {
    route: text,
    framework: text,
    handled: boolean,
    dirty: boolean,
    debugIds: recordOf(text),
    trail: arrayOf(trailEntry),
  },
  open: true,
});

const required = {
  traceId: text,
  eventType: oneOf('api', 'queue', 'webhook', 'custom', 'cron'),
  status: oneOf('success', 'failed', 'warning', 'pending'),
} satisfies Partial<Record<keyof ReplayStackEvent, Check>>;

const optional = {
  method: is('an upper-case method', (value) => typeof value === 'string' && /^[A-Z][A-Z_-]*$/.test(value)),
  endpoint: text,
  requestUrl: url,
  authMode: oneOf('bearer', 'basic', 'api_key', 'cookie', 'other', 'none'),
  authScheme: text,
  requestHeaders: headers,
  requestPayload: payload,
  responseHeaders: headers,
  responsePayload: payload,
  statusCode: integer(100, 999),
  executionTimeMs: is('a number from 0', (value) => typeof value === 'number' && value >= 0),
  errorName: string,
  errorMessage: string,
  stackTrace: string,
  stackFrames: arrayOf(stackFrame),
  breadcrumbs: arrayOf(breadcrumb),
  serviceName: text,
  environment: text,
  appVersion: text,
  commitHash: text,
  sourceIp: text,
  userAgent: string,
  logs: arrayOf(logEntry),
  metadata,
} satisfies Record<Exclude<keyof ReplayStackEvent, keyof typeof required>, Check>;

const event = shape({ required, optional });

/**
 * Says what keeps a value from being an event of the contract: unknown keys, missing ones, wrong types, values outside an
 * enumeration. An empty list means that it is one.
 *
 * @param value what JSON.parse returned
 * @returns one sentence a problem, each of which begins with the path of the field
 */
export function validateEvent(value: unknown): string[] {
  const problems: string[] = [];
  event(value, '', problems);
  // Only requests have a path; the endpoint of a job is its name.
  if (isRecord(value) && value['eventType'] === 'api' && typeof value['endpoint'] === 'string') {
    path(value['endpoint'], 'endpoint', problems);
  }
  return problems.map((problem) => problem.replace(/^ must/, 'The event must'));
}
