/** From what was captured to the JSON that goes over the wire: one string, masked and cut, with no raw value left in it. */
import { detectAuthMode } from './auth.ts';
import { createBodyWriter } from './body.ts';
import type { ErrorInfo } from './error-info.ts';
import { readError } from './error-info.ts';
import type { AnyHeaders } from './headers.ts';
import { createHeaderWriter, toHeaderRecord } from './headers.ts';
import type { Masker } from '../masking/mask.ts';
import { createMemo } from './memo.ts';
import { createMetadataWriter } from './metadata.ts';
import { createNoteWriter } from './notes.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { MappedStack } from '../platform/types.ts';
import type { Breadcrumbs } from '../observe/breadcrumbs.ts';
import type { Breadcrumb, EventStatus, EventType, Level, LogEntry, StackFrame } from '../protocol.ts';
import { serialise } from '../masking/serialise.ts';
import { placeFrames, readFrames } from './stacks.ts';
import type { TextWriter } from './text.ts';
import { createTextWriter, MAX_SHORT_TEXT, plainText } from './text.ts';
import { createTraceId } from './trace-id.ts';
import { cutToBytes, toEndpoint } from './url.ts';
import { mapStack, mapStackSync } from '#platform';
import { build } from 'unplugin-replaystack/runtime/build';

/** What is known of an event when it is captured: raw values, by reference; nobody has masked them yet. */
export interface EventDraft {
  traceId?: string;
  /** @default 'custom' */
  eventType?: EventType;
  method?: string;
  endpoint?: string;
  requestUrl?: string;
  requestHeaders?: AnyHeaders;
  /** Text and bytes are decoded by the content type among the headers. */
  requestPayload?: unknown;
  responseHeaders?: AnyHeaders;
  responsePayload?: unknown;
  /** @default told from `error` and `statusCode` */
  status?: EventStatus;
  statusCode?: number;
  executionTimeMs?: number;
  /** The thrown value, whatever it is: that the key is there counts, since undefined can be thrown. */
  error?: unknown;
  breadcrumbs?: Breadcrumb[];
  logs?: LogEntry[];
  sourceIp?: string;
  userAgent?: string;
  metadata?: Record<string, unknown>;
  /** @default the client's */
  captureHeaders?: boolean;
}

/** What adapters of ours know. */
export interface OwnDraft extends EventDraft {
  /** In place of breadcrumbs: their JSON, as of the end of the request. */
  breadcrumbsJson?: string | undefined;
}

/** A log line as the application gives it. */
export interface LogInput {
  /** @default 'info' */
  level?: Level;
  message: string;
  metadata?: Record<string, unknown>;
  /** ISO 8601. @default now */
  timestamp?: string;
}

const MAX_URL_BYTES = 8192;
const MAX_TEXT = 64 * 1024;
/** Kinds of clients that are remembered. */
const MAX_AGENTS = 100;
const NOTHING_THROWN: ErrorInfo = { message: undefined };

/** How an event ended, as far as the draft tells. */
export function statusOf(draft: EventDraft): EventStatus {
  if (draft.status !== undefined) return draft.status;
  if ('error' in draft) return 'failed';
  const code = draft.statusCode ?? 0;
  return code >= 500 ? 'failed' : code >= 400 ? 'warning' : 'success';
}

/** Builds the JSON of events. */
export interface EventBuilder {
  /** The JSON of breadcrumbs as they are now; undefined if there are none. */
  breadcrumbs(ring: Breadcrumbs): string | undefined;
  /** A promise where a stack has to be mapped on the way. */
  build(draft: OwnDraft): string | Promise<string>;
  /**
   * The same while the thread waits.
   *
   * @param isLast false: there is time for the stack later, so it is not mapped
   */
  buildNow(draft: OwnDraft, isLast: boolean): string;
}

export function createEventBuilder(options: ResolvedOptions, masker: Masker): EventBuilder {
  const { maxPayloadSizeBytes: max, maxBreadcrumbs, captureLogs, maxLogs } = options;
  const writer = createTextWriter(masker);
  const { text, word } = writer;
  const headers = createHeaderWriter(masker, max);
  const body = createBodyWriter(masker, max);
  const { notes, trail } = createNoteWriter(masker);
  const metadata = createMetadataWriter(masker, max);
  const known = createMemo((name) => plainText(name, masker), MAX_AGENTS);
  const textLimit = Math.min(MAX_TEXT, max);
  /** What is the same in every event, as of the first: to look for secrets takes an expression that is slow to be compiled. */
  let constant: string | undefined;
  const constantJson = (): string =>
    [
      member('serviceName', text(options.serviceName)),
      member('environment', text(options.environment)),
      member('appVersion', text(options.appVersion)),
      member('commitHash', text(options.commitHash)),
    ].join('');

  function errorJson({ name, message, stack, stackFrames = [] }: ErrorInfo): string {
    const shown = typeof message === 'string' ? message : String(serialise(message, masker, textLimit));
    return (
      member('errorName', text(name)) +
      member('errorMessage', text(shown, textLimit)) +
      member('stackTrace', text(stack, textLimit)) +
      (stack === undefined
        ? ''
        : `,"stackFrames":[${stackFrames.map((frame) => frameJson(frame, writer)).join()}]`)
    );
  }

  function eventJson(draft: OwnDraft, thrown: ErrorInfo, mapped: MappedStack | undefined): string {
    if (mapped !== undefined) placeFrames(thrown, mapped);
    const { requestUrl, endpoint } = draft;
    const requestHeaders = toHeaderRecord(draft.requestHeaders);
    const responseHeaders = toHeaderRecord(draft.responseHeaders);
    const auth = requestHeaders && detectAuthMode(requestHeaders);
    const withHeaders = draft.captureHeaders ?? options.captureHeaders;
    const { cause, errors } = thrown;
    const { debugIds = {} } = mapped ?? {};
    // As it is: others know the request by it, and numbers may look like those of cards.
    const traceId = String((draft.traceId ||= createTraceId())).slice(0, MAX_SHORT_TEXT);
    return (
      `{"traceId":${JSON.stringify(traceId)}` +
      member('eventType', word(draft.eventType ?? 'custom')) +
      member('method', word(draft.method)) +
      member('endpoint', typeof endpoint === 'string' ? text(toEndpoint(endpoint)) : undefined) +
      member('requestUrl', typeof requestUrl === 'string' ? urlJson(requestUrl) : undefined) +
      member('authMode', word(auth?.mode)) +
      member('authScheme', text(auth?.scheme)) +
      member('requestHeaders', withHeaders ? headers(requestHeaders) : undefined) +
      member('requestPayload', body(draft.requestPayload, requestHeaders)) +
      member('responseHeaders', withHeaders ? headers(responseHeaders) : undefined) +
      member('responsePayload', body(draft.responsePayload, responseHeaders)) +
      member('status', word(statusOf(draft))) +
      member('statusCode', text(draft.statusCode)) +
      member('executionTimeMs', text(draft.executionTimeMs)) +
      ('error' in draft ? errorJson(thrown) : '') +
      member('breadcrumbs', draft.breadcrumbsJson ?? notes(draft.breadcrumbs, maxBreadcrumbs)) +
      (constant ??= constantJson()) +
      member('sourceIp', text(draft.sourceIp)) +
      member('userAgent', agent(draft.userAgent)) +
      member('logs', captureLogs ? notes(draft.logs, maxLogs) : undefined) +
      member(
        'metadata',
        metadata([
          build.release.dirty && { dirty: true },
          'error' in draft && { cause, errors },
          Object.keys(debugIds).length > 0 && { debugIds },
          draft.metadata,
        ]),
      ) +
      '}'
    );
  }

  function agent(name: unknown): string | undefined {
    return (typeof name === 'string' ? known(name) : undefined) ?? text(name);
  }

  function urlJson(url: string): string {
    return JSON.stringify(cutToBytes(masker.url(url), Math.min(MAX_URL_BYTES, max)));
  }

  return {
    breadcrumbs: (ring) => trail(ring, maxBreadcrumbs),
    build(draft) {
      const thrown = thrownBy(draft);
      const frames = readFrames(thrown);
      if (frames === undefined) return eventJson(draft, thrown, undefined);
      return mapStack(frames).then((mapped) => eventJson(draft, thrown, mapped));
    },
    buildNow(draft, isLast) {
      const thrown = thrownBy(draft);
      const frames = readFrames(thrown);
      const mapped = frames && isLast ? mapStackSync(frames) : undefined;
      return eventJson(draft, thrown, mapped);
    },
  };
}

/** A member of an object that begins with another one; nothing without a value. */
function member(name: string, json: string | undefined): string {
  return json === undefined ? '' : `,"${name}":${json}`;
}

function thrownBy(draft: EventDraft): ErrorInfo {
  return 'error' in draft ? readError(draft.error) : NOTHING_THROWN;
}

function frameJson(frame: StackFrame, { text }: TextWriter): string {
  const { functionName, fileName, lineNumber, columnNumber, raw } = frame;
  return (
    `{"functionName":${text(functionName) ?? 'null'},"fileName":${text(fileName) ?? 'null'},` +
    `"lineNumber":${text(lineNumber) ?? 'null'},"columnNumber":${text(columnNumber) ?? 'null'}` +
    `${member('raw', text(raw))}}`
  );
}
