/**
 * The words that build time and run time share: the event as it goes over the wire, and the module ids and hook names
 * that injected code uses. The one file of the runtime that `src` may import.
 */

/** What an event is about. */
export type EventType = 'api' | 'queue' | 'webhook' | 'custom' | 'cron';

/** How it ended. From an HTTP code: 500 and above failed, 400 and above warning, else success. */
export type EventStatus = 'success' | 'failed' | 'warning' | 'pending';

/** How a request was authorised, read from its headers before they are masked. */
export type AuthMode = 'bearer' | 'basic' | 'api_key' | 'cookie' | 'other' | 'none';

export type Level = 'debug' | 'info' | 'warning' | 'error';

/** One frame of a stack. Positions are those of the original source where a map was found; lines and columns from 1. */
export interface StackFrame {
  functionName: string | null;
  fileName: string | null;
  lineNumber: number | null;
  columnNumber: number | null;
  /** The line of the stack as the engine wrote it. */
  raw: string;
}

/** One step on the way to an event. */
export interface Breadcrumb {
  message: string;
  category: string;
  level: Level;
  metadata: Record<string, unknown>;
  /** ISO 8601. */
  timestamp: string;
}

export interface LogEntry {
  level: Level;
  message: string;
  metadata: Record<string, unknown>;
  /** ISO 8601. */
  timestamp: string;
}

/** One observed call that an error passed through; innermost first in `metadata.trail`. */
export interface TrailEntry {
  functionName: string;
  fileName: string;
  lineNumber: number;
  arguments: Record<string, unknown>;
}

/** Header values as Node and fetch give them. */
export type HeaderRecord = Record<string, string | string[] | undefined>;

/** An event as it goes over the wire: these keys and no others. */
export interface ReplayStackEvent {
  traceId: string;
  eventType: EventType;
  method?: string;
  /** The path alone: no scheme, host, query or fragment. For events that are no requests, the name of the job. */
  endpoint?: string;
  /** Absolute, with query. */
  requestUrl?: string;
  authMode?: AuthMode;
  authScheme?: string;
  requestHeaders?: Record<string, unknown>;
  requestPayload?: unknown;
  responseHeaders?: Record<string, unknown>;
  responsePayload?: unknown;
  status: EventStatus;
  statusCode?: number;
  executionTimeMs?: number;
  errorName?: string;
  errorMessage?: string;
  stackTrace?: string;
  stackFrames?: StackFrame[];
  breadcrumbs?: Breadcrumb[];
  serviceName?: string;
  environment?: string;
  appVersion?: string;
  commitHash?: string;
  sourceIp?: string;
  userAgent?: string;
  logs?: LogEntry[];
  metadata?: Record<string, unknown>;
}

/** What the build knows of the release; see `src/release.ts` for where each value comes from. */
export interface Release {
  commitHash?: string;
  appVersion?: string;
  serviceName?: string;
  environment?: string;
  /** Tracked files had uncommitted changes. */
  dirty?: boolean;
}

/** What the build hands to the runtime, as the module {@link BUILD_MODULE}. */
export interface BuildInfo {
  release: Release;
  /** Errors that leave the last observed function outside a request become events. */
  captureErrors: boolean;
  /** The client that starts by itself is guarded. */
  guards: boolean;
  /** By an error that ends the program before anything else does, too: not where the runtime is used by hand. */
  early?: boolean;
  /** What the module that the plugin's option `runtime` names exports: the client's options. */
  readonly options?: object;
}

/** What injected code imports its hooks from. */
export const RUNTIME_MODULE = 'unplugin-replaystack/runtime';

/** The same for code that runs within Next.js, whose own modules it imports. */
export const NEXT_MODULE = 'unplugin-replaystack/runtime/next';

/** What the runtime imports {@link BuildInfo} from; the plugin fills it, and without the plugin it is empty. */
export const BUILD_MODULE = 'unplugin-replaystack/runtime/build';
