/** What differs between the places the runtime runs in. `#platform` is node.ts or edge.ts, chosen when we are built. */
import type { LogInput } from '../event/build-event.ts';
import type { Masker } from '../masking/mask.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { StackFrame } from '../protocol.ts';
import type { Scope } from '../scope.ts';
import type { Store } from '../delivery/store.ts';
import type { SpoolListener } from '../delivery/spool/spool.ts';

/** The part of AsyncLocalStorage that a scope needs. */
export interface AsyncStorage<T> {
  run<R>(store: T, body: () => R): R;
  getStore(): T | undefined;
  enterWith?(store: T): void;
  /** It does not follow promises and callbacks: what runs behind the first `await` has lost its store. */
  readonly synchronous?: true;
}

/** One attempt to deliver; the transport does no retrying of its own. */
export interface TransportRequest {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  /** The option `compression` is on and the body large: it is to go out with gzip, and the header that says so. */
  compress?: boolean;
  /** Milliseconds that the attempt may take, from connecting to the end of the answer's body. */
  timeoutMs: number;
  /** Aborted when this time is up; a transport that takes no notice is not waited for. */
  signal: AbortSignal;
  /**
   * Told, by a transport that knows, that the request has been handed to the system: it arrives even if the process ends.
   * Where nobody tells, a process that ends before the answer sends the events once more.
   */
  onSent?: () => void;
}

/** What is asked of a transport of ours. */
export interface PlatformRequest extends Omit<TransportRequest, 'body'> {
  body: string | Body;
}

/** A body that is not put together yet: some need no text for it. */
export interface Body {
  /** Texts, or what they are in UTF-8. */
  pieces: readonly (string | Uint8Array)[];
  /** How many it has in UTF-8. */
  bytes: number;
}

/** Events to send while the thread waits. */
export interface SyncPost {
  /** Where single events go, and several together. */
  url: string;
  bulkUrl: string;
  headers: Record<string, string>;
  /** The JSON of the events, those of a request together; the last request is the first to go. */
  batches: string[][];
  /** Bytes above which a body goes out with gzip. */
  compressAbove: number;
  /** Milliseconds before the first request. */
  delayMs: number;
  /** Milliseconds that everything may take. */
  timeoutMs: number;
}

/** What guards do when something happens to the process. */
export interface ProcessWatch {
  /**
   * Nobody caught an error.
   *
   * @param ending whether the process ends by it; the application may listen for that, and go on or not
   */
  onError(error: unknown, origin: string, ending: boolean): void;
  /** The process ends: now is the last chance, and nothing asynchronous runs any more. */
  onEnd(): void;
  /**
   * The process is about to end, or goes on for its last moments.
   *
   * @param hold whether it is kept alive for it
   */
  flush(hold: boolean): Promise<unknown>;
  /** Whether there is anything to send that no flush has tried in vain. */
  isPending(): boolean;
  /** Whether {@link ProcessWatch.onEnd} cannot send, as the application has a transport of its own. */
  isAsync(): boolean;
  /** Signals before which to send what is pending. */
  signals(): Iterable<string>;
}

export interface Watching {
  /** Something is pending: from now on signals are listened for, until nothing is. */
  wake(): void;
  /** Nobody caught an error: for one that came before the watch. */
  onError(error: unknown, origin: string): void;
  stop(): void;
}

export interface TransportResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** At most the first few kilobytes: it is read for its message only. */
  body: string;
}

/** Sends one request, resolves with any HTTP answer, rejects on network errors and on time-out. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

/** A transport of ours. */
export interface PlatformTransport {
  (request: PlatformRequest): Promise<TransportResponse>;
  /** Loads what it needs, once; waited for before an attempt begins, whose time it does not cost. */
  load?(): Promise<unknown>;
}

/** Frames with original positions where maps were found, and the debug ids of the files where none was. */
export interface MappedStack {
  frames: StackFrame[];
  /** Debug id by file, for files whose map is not here. */
  debugIds: Record<string, string>;
}

/** For whom an application is observed. */
export interface Observation {
  readonly options: ResolvedOptions;
  readonly masker: Masker;
  activeScope(this: void): Scope | undefined;
  /** Keeps a log line. */
  log(log: LogInput): void;
  /** Told of failures of ours. */
  report(error: unknown): void;
}

/** What platform/node.ts and platform/edge.ts both export. */
export interface Platform {
  /** The process's environment; empty where there is none. */
  readEnvironment(): Record<string, string | undefined>;
  /** Undefined where the platform has no AsyncLocalStorage. */
  createAsyncStorage<T>(): AsyncStorage<T> | undefined;
  createTransport(): PlatformTransport;
  /** Whether the program goes on behind its responses, so that events may wait for each other. */
  readonly lasting: boolean;
  /** Never rejects: what cannot be mapped comes back as it was. */
  mapStack(frames: StackFrame[]): Promise<MappedStack>;
  /** The same while the thread waits. */
  mapStackSync(frames: StackFrame[]): MappedStack;
  /** For each event the status that it was answered with at last, or 0. Sends nothing where a thread cannot wait. */
  postSync(post: SyncPost): number[];
  /** Calls the listener for each error that nobody catches, where there is a process. It must not throw. */
  onFatal(listener: (error: unknown, origin: string) => void): void;
  /** Undefined where there is no process to watch. */
  watchProcess(watch: ProcessWatch): Watching | undefined;
  /** Tells of calls that go out and of what is printed. @returns ends it */
  observeApplication(observation: Observation): () => void;
  /** The text that `console` makes of its arguments. */
  formatText(args: readonly unknown[]): string;
  /** Opens `spoolDir`. Undefined where the platform has no files; `memory` is for what cannot be written. */
  openSpool(options: ResolvedOptions, memory: Store, listener: SpoolListener): Store | undefined;
  /** Runs the task in a later macrotask, after pending I/O callbacks where the platform can tell. */
  defer(task: () => void): void;
  /** Whether it is a promise of the language, subclasses included. Where the platform can tell, no Proxy is asked. */
  isPromise(value: unknown): value is Promise<unknown>;
  /** Bytes of a text in UTF-8. */
  byteLength(text: string): number;
}
