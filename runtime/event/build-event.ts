/** From what was captured to the JSON that goes over the wire: one string, masked and cut, with no raw value left in it. */
import type { DetectedAuth } from './auth.ts';
import { detectAuthMode } from './auth.ts';
import { decodeBody } from './body.ts';
import type { ErrorInfo } from './error-info.ts';
import { readError } from './error-info.ts';
import type { AnyHeaders } from './headers.ts';
import { headersJson, readHeader, toHeaderRecord } from './headers.ts';
import type { Masker } from '../masking/mask.ts';
import { metadataJson } from './metadata.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { MappedStack } from '../platform/types.ts';
import type {
  Breadcrumb,
  EventStatus,
  EventType,
  HeaderRecord,
  Level,
  LogEntry,
  StackFrame,
} from '../protocol.ts';
import { serialise } from '../masking/serialise.ts';
import { parseStackTrace } from '../stack/parse.ts';
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
export const MAX_SHORT_TEXT = 2048;
const MAX_NOTE_BYTES = 16 * 1024;
const MAX_FRAMES = 100;

/** How an event ended, as far as the draft tells. */
export function statusOf(draft: EventDraft): EventStatus {
  if (draft.status !== undefined) return draft.status;
  if ('error' in draft) return 'failed';
  const code = draft.statusCode ?? 0;
  return code >= 500 ? 'failed' : code >= 400 ? 'warning' : 'success';
}

/** Writes a text or number as JSON, masked and cut to so many characters; undefined for anything else. */
type Write = (value: unknown, limit?: number) => string | undefined;

/** Builds the JSON of an event. It takes a promise because the stack is mapped on the way. */
export async function buildEvent(
  draft: EventDraft,
  options: ResolvedOptions,
  masker: Masker,
): Promise<string> {
  const thrown = thrownBy(draft);
  const frames = framesOf(thrown);
  return eventJson(draft, thrown, frames && (await mapStack(frames)), options, masker);
}

/**
 * The same while the thread waits.
 *
 * @param isLast false: there is time for the stack later, so it is not mapped
 */
export function buildEventSync(
  draft: EventDraft,
  options: ResolvedOptions,
  masker: Masker,
  isLast: boolean,
): string {
  const thrown = thrownBy(draft);
  const frames = framesOf(thrown);
  const mapped = frames && (isLast ? mapStackSync(frames) : { frames, debugIds: {} });
  return eventJson(draft, thrown, mapped, options, masker);
}

function thrownBy(draft: EventDraft): Partial<ErrorInfo> {
  return 'error' in draft ? readError(draft.error) : {};
}

function framesOf({ name, message, stack }: Partial<ErrorInfo>): StackFrame[] | undefined {
  try {
    if (stack === undefined) return undefined;
    return parseStackTrace(stack, `${name}: ${String(message)}`).slice(0, MAX_FRAMES);
  } catch {
    return [];
  }
}

function eventJson(
  draft: EventDraft,
  thrown: Partial<ErrorInfo>,
  mapped: MappedStack | undefined,
  options: ResolvedOptions,
  masker: Masker,
): string {
  const { requestUrl, endpoint } = draft;
  const requestHeaders = toHeaderRecord(draft.requestHeaders);
  const responseHeaders = toHeaderRecord(draft.responseHeaders);
  const max = options.maxPayloadSizeBytes;
  const write: Write = (value, limit = MAX_SHORT_TEXT) => {
    if (typeof value === 'string') {
      return JSON.stringify(masker.text(value, limit) + (value.length > limit ? '…' : ''));
    }
    return Number.isFinite(value) ? String(value) : undefined;
  };
  const headers = (record: HeaderRecord | undefined): string | undefined =>
    (draft.captureHeaders ?? options.captureHeaders) ? headersJson(record, masker, max) : undefined;
  const payload = (value: unknown, record: HeaderRecord | undefined): string | undefined => {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return serialise(value, masker, max);
    // To parse what will be cut anyway is not worth the time: its names are masked as they stand in the text.
    const body = decodeBody(value, readHeader(record, 'content-type'), value.length <= max);
    return serialise(body, masker, max, true);
  };
  const notes = (list: readonly (Breadcrumb | LogEntry)[] | undefined, limit: number): string | undefined => {
    const newest = Array.isArray(list) && limit > 0 ? list.slice(-limit) : [];
    return newest.length > 0
      ? `[${newest.map((note: Breadcrumb) => noteJson(note, write, masker)).join()}]`
      : undefined;
  };

  const failed = 'error' in draft || undefined;
  const { mode, scheme } = requestHeaders ? detectAuthMode(requestHeaders) : ({} as Partial<DetectedAuth>);
  const { name, message, stack, ...causes } = thrown;
  const { frames, debugIds = {} } = mapped ?? {};
  const limit = Math.min(MAX_TEXT, max);
  return objectJson({
    // As it is: others know the request by it, and numbers may look like those of cards.
    traceId: JSON.stringify(String((draft.traceId ||= createTraceId())).slice(0, MAX_SHORT_TEXT)),
    eventType: write(draft.eventType ?? 'custom'),
    method: write(draft.method),
    endpoint: write(typeof endpoint === 'string' ? toEndpoint(endpoint) : undefined),
    requestUrl:
      typeof requestUrl === 'string'
        ? JSON.stringify(cutToBytes(masker.url(requestUrl), Math.min(MAX_URL_BYTES, max)))
        : undefined,
    authMode: write(mode),
    authScheme: write(scheme),
    requestHeaders: headers(requestHeaders),
    requestPayload: payload(draft.requestPayload, requestHeaders),
    responseHeaders: headers(responseHeaders),
    responsePayload: payload(draft.responsePayload, responseHeaders),
    status: write(statusOf(draft)),
    statusCode: write(draft.statusCode),
    executionTimeMs: write(draft.executionTimeMs),
    errorName: write(name),
    errorMessage:
      failed &&
      write(typeof message === 'string' ? message : String(serialise(message, masker, limit)), limit),
    stackTrace: write(stack, limit),
    stackFrames: frames && `[${frames.map((frame) => frameJson(frame, write)).join()}]`,
    breadcrumbs: notes(draft.breadcrumbs, options.maxBreadcrumbs),
    serviceName: write(options.serviceName),
    environment: write(options.environment),
    appVersion: write(options.appVersion),
    commitHash: write(options.commitHash),
    sourceIp: write(draft.sourceIp),
    userAgent: write(draft.userAgent),
    logs: options.captureLogs ? notes(draft.logs, options.maxLogs) : undefined,
    metadata: metadataJson(
      [
        build.release.dirty && { dirty: true },
        causes,
        Object.keys(debugIds).length > 0 && { debugIds },
        draft.metadata,
      ],
      masker,
      max,
    ),
  });
}

function frameJson(frame: StackFrame, write: Write): string {
  const { functionName, fileName, lineNumber, columnNumber, raw } = frame;
  return objectJson({
    functionName: write(functionName) ?? 'null',
    fileName: write(fileName) ?? 'null',
    lineNumber: write(lineNumber) ?? 'null',
    columnNumber: write(columnNumber) ?? 'null',
    raw: write(raw),
  });
}

/** A breadcrumb, or a log line, which has no category. */
function noteJson(note: Breadcrumb, write: Write, masker: Masker): string {
  const { message, category, level, metadata, timestamp } = Object(note) as Breadcrumb;
  const json = serialise(metadata ?? {}, masker, MAX_NOTE_BYTES);
  return objectJson({
    message: write(message),
    category: write(category),
    level: write(level),
    metadata: json?.startsWith('{') ? json : '{}',
    timestamp: write(timestamp),
  });
}

/** An object from the JSON of its fields, those without any left out. */
function objectJson(fields: Record<string, string | undefined>): string {
  const written = Object.entries(fields).filter(([, json]) => json !== undefined);
  return `{${written.map(([name, json]) => `"${name}":${json}`).join()}}`;
}
