/** The client's options: what the code passes, then the environment, then what the build put in, then the default. */
import { build } from 'unplugin-replaystack/runtime/build';
import type { Reader } from './option-readers.ts';
import {
  count,
  flag,
  callback,
  fieldRules,
  hosts,
  level,
  list,
  ratio,
  text,
  webUrl,
} from './option-readers.ts';
import type { Propagate } from '../outbound/propagate.ts';
import type { Transport } from '../platform/types.ts';
import type { Level } from '../protocol.ts';
import { readEnvironment } from '#platform';

/** What {@link ClientOptions.onQueueDrop} is told. */
export interface QueueDrop {
  /** How many events were dropped, the oldest ones. */
  dropped: number;
  /** Which bound was exceeded: that of events, that of their size, or that of the spool's. */
  reason: 'max_queue_size' | 'max_queue_bytes' | 'max_spool_bytes';
}

/** What {@link ClientOptions.shouldCapture} is told of a request. */
export interface RequestSummary {
  method: string;
  path: string;
  statusCode: number;
  executionTimeMs: number;
}

/** The options with every source taken into account. */
export interface ResolvedOptions {
  /** The project's key. Environment: `REPLAYSTACK_API_KEY`. */
  apiKey: string;
  /** Base URL of the API. Environment: `REPLAYSTACK_ENDPOINT`. @default 'https://api.replaystack.co' */
  endpoint: string;
  /** Where single events go. Environment: `REPLAYSTACK_INGEST_URL`. @default '<endpoint>/api/v1/ingest/events' */
  ingestUrl: string;
  /** Environment: `REPLAYSTACK_SERVICE_NAME`. @default the package's name, from the build */
  serviceName?: string;
  /** Environment: `REPLAYSTACK_ENVIRONMENT`. @default `NODE_ENV`, else 'development' */
  environment: string;
  /** Environment: `REPLAYSTACK_APP_VERSION`, `APP_VERSION`. @default from the build */
  appVersion?: string;
  /** Environment: `REPLAYSTACK_COMMIT_HASH`, `COMMIT_HASH`. @default from the build */
  commitHash?: string;
  /** False: nothing is captured. Environment: `REPLAYSTACK_ENABLED`. @default true */
  enabled: boolean;
  /** Milliseconds that one attempt to send may take. Environment: `REPLAYSTACK_TIMEOUT_MS`. @default 2500 */
  timeoutMs: number;
  /** Attempts beyond the first. Environment: `REPLAYSTACK_RETRIES`. @default 1 */
  retries: number;
  /** Share of events that are captured, 0 to 1. Environment: `REPLAYSTACK_SAMPLE_RATE`. @default 1 */
  sampleRate: number;
  /** False: only failed and warning events are sent. Environment: `REPLAYSTACK_CAPTURE_SUCCESS`. @default true */
  captureSuccess: boolean;
  /** Bytes of JSON above which a payload is cut. Environment: `REPLAYSTACK_MAX_PAYLOAD_SIZE_BYTES`. @default 524288 */
  maxPayloadSizeBytes: number;
  /** Names to mask beside the default ones. Environment: `REPLAYSTACK_MASK_FIELDS`, comma separated. @default [] */
  maskFields: readonly string[];
  /** Further names to mask, as the dashboard gives them. */
  remoteMaskingRules: { readonly fields?: readonly string[] };
  /** Whether texts are searched for what looks like a credential. Environment: `REPLAYSTACK_MASK_PATTERNS`. @default true */
  maskPatterns: boolean;
  /** Paths never captured. Environment: `REPLAYSTACK_IGNORED_PATHS`, comma separated. @default [] */
  ignoredPaths: readonly string[];
  /** Breadcrumbs kept for an event. Environment: `REPLAYSTACK_MAX_BREADCRUMBS`. @default 50 */
  maxBreadcrumbs: number;
  /** Calls that go out leave breadcrumbs, on Node. Environment: `REPLAYSTACK_CAPTURE_OUTBOUND`. @default true */
  captureOutbound: boolean;
  /**
   * Hosts that requests take the trace id to, as `x-trace-id` and `traceparent`: names, expressions for name and port, or a
   * function of the URL. On Node. Environment: `REPLAYSTACK_PROPAGATE`, names separated by commas. @default []
   */
  propagate: Propagate;
  /** Environment: `REPLAYSTACK_CAPTURE_LOGS`. @default true */
  captureLogs: boolean;
  /** The least level of logs kept. Environment: `REPLAYSTACK_LOG_LEVEL`. @default 'error' */
  logLevel: Level;
  /** What `console.error` and `console.warn` print is a log, on Node. Environment: `REPLAYSTACK_CAPTURE_CONSOLE`. @default false */
  captureConsole: boolean;
  /** Logs kept for an event. Environment: `REPLAYSTACK_MAX_LOGS`. @default 50 */
  maxLogs: number;
  /** Events kept while the API cannot be reached; 0 keeps none. Environment: `REPLAYSTACK_OFFLINE_QUEUE_MAX`. @default 100 */
  offlineQueueMax: number;
  /** Bytes that these events may have. Environment: `REPLAYSTACK_OFFLINE_QUEUE_MAX_BYTES`. @default 16777216 */
  offlineQueueMaxBytes: number;
  /**
   * A directory where events are until they are delivered, so that none is lost with its process; several processes may
   * share it. Each event is built and written when it is captured, and not after the request as else. On Node only, on a
   * local disk at best. Environment: `REPLAYSTACK_SPOOL_DIR`. @default none
   */
  spoolDir?: string;
  /** Bytes that its files may have; the oldest file is dropped. Environment: `REPLAYSTACK_SPOOL_MAX_BYTES`. @default 67108864 */
  spoolMaxBytes: number;
  /** Milliseconds between attempts to send what is kept; 0: none. Environment: `REPLAYSTACK_FLUSH_INTERVAL_MS`. @default 0 */
  flushIntervalMs: number;
  /** Milliseconds that the end of the process, or of a serverless function, waits for events to go out. Environment: `REPLAYSTACK_SHUTDOWN_TIMEOUT_MS`. @default 2000 */
  shutdownTimeoutMs: number;
  /** Milliseconds for which events wait for others; 0: none. Environment: `REPLAYSTACK_BATCH_FLUSH_INTERVAL_MS`. @default 0 */
  batchFlushIntervalMs: number;
  /** Events in one request, at most 100. Environment: `REPLAYSTACK_BATCH_MAX_EVENTS`. @default 20 */
  batchMaxEvents: number;
  /** Whether bodies of more than 8 KiB are sent with gzip. Environment: `REPLAYSTACK_COMPRESSION`. @default false */
  compression: boolean;
  /** False: the promises of `capture…()` wait until sending has ended. @default true */
  asyncSend: boolean;
  /** With `asyncSend: false`: these promises reject if the event could not be sent. @default false */
  raiseOnError: boolean;
  /** Told of the client's own failures. */
  onError?: (error: Error) => void;
  /** Told when events are dropped because too many wait. */
  onQueueDrop?: (info: QueueDrop) => void;
  /** Sends one request. @default undici on Node where it is installed, else fetch */
  transport?: Transport;
  /** Per request: capture its body. @default true */
  captureRequestBody: boolean;
  /** Per request: capture the body of its response. @default true */
  captureResponseBody: boolean;
  /** Send headers with an event. How it was authorised is told either way. @default true */
  captureHeaders: boolean;
  /** Per request: its trace id, if not that of the `x-trace-id` header. */
  getTraceId?: (request: never) => string | undefined;
  /** Per request: whether it becomes an event. */
  shouldCapture?: (request: RequestSummary) => boolean;
}

/** Every option may be left out, but for the API key, which must then be in the environment. */
export type ClientOptions = { [Name in keyof ResolvedOptions]?: ResolvedOptions[Name] | undefined };

/** How each option is read, and its default. */
const OPTIONS: { [Name in keyof ResolvedOptions]-?: [read: Reader, fallback?: unknown] } = {
  apiKey: [text],
  endpoint: [webUrl, 'https://api.replaystack.co'],
  ingestUrl: [webUrl],
  serviceName: [text],
  environment: [text, 'development'],
  appVersion: [text],
  commitHash: [text],
  enabled: [flag, true],
  timeoutMs: [count(1), 2500],
  retries: [count(0), 1],
  sampleRate: [ratio, 1],
  captureSuccess: [flag, true],
  maxPayloadSizeBytes: [count(0), 524_288],
  maskFields: [list, []],
  remoteMaskingRules: [fieldRules, {}],
  maskPatterns: [flag, true],
  ignoredPaths: [list, []],
  maxBreadcrumbs: [count(0), 50],
  captureOutbound: [flag, true],
  propagate: [hosts, []],
  captureLogs: [flag, true],
  logLevel: [level, 'error'],
  captureConsole: [flag, false],
  maxLogs: [count(0), 50],
  offlineQueueMax: [count(0), 100],
  offlineQueueMaxBytes: [count(0), 16 * 1024 * 1024],
  spoolDir: [text],
  spoolMaxBytes: [count(0), 64 * 1024 * 1024],
  flushIntervalMs: [count(0), 0],
  shutdownTimeoutMs: [count(0), 2000],
  batchFlushIntervalMs: [count(0), 0],
  batchMaxEvents: [count(1, 100), 20],
  compression: [flag, false],
  asyncSend: [flag, true],
  raiseOnError: [flag, false],
  onError: [callback],
  onQueueDrop: [callback],
  transport: [callback],
  captureRequestBody: [flag, true],
  captureResponseBody: [flag, true],
  captureHeaders: [flag, true],
  getTraceId: [callback],
  shouldCapture: [callback],
};

/**
 * Resolves the options. A value that does not fit is told in `problems` and the next source is used; only a missing API
 * key is left to the caller, who finds `apiKey` undefined.
 */
export function resolveOptions(
  given: ClientOptions = {},
  environment: Readonly<Record<string, unknown>> = readEnvironment(),
): { options: ResolvedOptions; problems: string[] } {
  const problems = Object.keys(given)
    .filter((name) => !(name in OPTIONS))
    .map((name) => `Unknown option \`${name}\`.`);
  const options: Record<string, unknown> = {};
  for (const [name, [read, fallback]] of Object.entries(OPTIONS)) {
    const sources: [string, unknown][] = [
      [`option \`${name}\``, (given as Record<string, unknown>)[name]],
      ...variablesOf(name).map((variable): [string, unknown] => [variable, environment[variable]]),
      ['', (build.release as Record<string, unknown>)[name]],
      ['', name === 'environment' ? environment['NODE_ENV'] : undefined],
      ['', fallback],
    ];
    for (const [source, value] of sources) {
      if (value === undefined) continue;
      const result = read(value);
      if (result !== undefined) {
        options[name] = result;
        break;
      }
      if (source && (value ?? '') !== '') problems.push(`The value of ${source} does not fit.`);
    }
  }
  options['ingestUrl'] ??= `${String(options['endpoint'])}/api/v1/ingest/events`;
  return { options: Object.freeze(options) as unknown as ResolvedOptions, problems };
}

/** `maxLogs` is `REPLAYSTACK_MAX_LOGS`; what only code can say has no variable. */
function variablesOf(name: string): string[] {
  const upper = name.replace(/[A-Z]/g, '_$&').toUpperCase();
  if (/^(asyncSend|raiseOnError|remote|on|transport|getT|should)/.test(name)) return [];
  return [`REPLAYSTACK_${upper}`, ...(/^(appV|commitH)/.test(name) ? [upper] : [])];
}
