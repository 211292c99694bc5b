/** The client: what an application calls by hand, and what the adapters call for it. */
import { type Capture, createCapture } from './capture.ts';
import type { Breadcrumbs } from './observe/breadcrumbs.ts';
import { addNote, clearBreadcrumbs, createBreadcrumbs, toBreadcrumbs } from './observe/breadcrumbs.ts';
import { createDelivery, type Delivery } from './delivery/delivery.ts';
import { createDirectDelivery } from './delivery/direct-delivery.ts';
import { readError } from './event/error-info.ts';
import type { EventBuilder, EventDraft, LogInput, OwnDraft } from './event/build-event.ts';
import { createEventBuilder } from './event/build-event.ts';
import { MAX_SHORT_TEXT } from './event/text.ts';
import type { FlushResult } from './delivery/ledger.ts';
import { createKeeper, type Keeper, MAX_NOTE_BYTES } from './masking/keep.ts';
import { createMasker, type Masker } from './masking/mask.ts';
import { type ClientOptions, type ResolvedOptions, resolveOptions } from './options/resolve-options.ts';
import type { Breadcrumb, Level, LogEntry } from './protocol.ts';
import { isLogged } from './logs/levels.ts';
import { activeScope, type Scope } from './scope.ts';
import { serialise } from './masking/serialise.ts';
import { runtime } from './state.ts';
import { claimError } from './observe/trail.ts';
import { wantsEvent } from './event/wants-event.ts';
import { createTransport, lasting, observeApplication, readEnvironment } from '#platform';

/** Characters of a message that are kept: one more than an event shows, so that it can tell that there were more. */
const KEPT_TEXT = MAX_SHORT_TEXT + 1;

/** Captures events and sends them. Nothing but the constructor throws, and captures return at once unless told otherwise. */
export class ReplayStackClient {
  /** The options with every source taken into account. */
  readonly options: ResolvedOptions;
  /** Breadcrumbs outside of any request. */
  readonly trail: Breadcrumbs;
  /** Log lines outside of any request. */
  readonly logs: LogEntry[] = [];
  readonly #masker: Masker;
  readonly #builder: EventBuilder;
  readonly #keeper: Keeper;
  readonly #delivery: Delivery;
  readonly #capture: Capture;
  #closed = false;
  /** What is printed is about ourselves. */
  #isReporting = false;

  /**
   * From now on, instrumented code reports to this client.
   *
   * @param environment variables by name, for what the options leave out; those of the process unless told
   * @throws when neither the options nor the environment have an API key
   */
  constructor(options: ClientOptions = {}, environment?: Readonly<Record<string, unknown>>) {
    const { options: resolved, problems } = resolveOptions(options, environment);
    if (!resolved.apiKey) {
      throw new Error('ReplayStack has no API key: pass the option `apiKey` or set REPLAYSTACK_API_KEY.');
    }
    const { maskFields, remoteMaskingRules, maskPatterns, transport, maxBreadcrumbs, enabled } = resolved;
    const report = (error: unknown): void => this.reportInternalError(error);
    this.options = resolved;
    this.trail = createBreadcrumbs(maxBreadcrumbs);
    this.#masker = createMasker([...maskFields, ...(remoteMaskingRules.fields ?? [])], maskPatterns);
    this.#builder = createEventBuilder(resolved, this.#masker);
    this.#keeper = createKeeper(this.#masker, KEPT_TEXT);
    const deliver = lasting ? createDelivery : createDirectDelivery;
    this.#delivery = deliver(resolved, transport ?? createTransport(), report);
    this.#capture = createCapture(resolved, this.#builder, this.#delivery, report);
    problems.forEach((problem) => report(new Error(problem)));
    this.#activate(enabled ? this : null);
  }

  /**
   * Captures an event. Inside a request it gets the request's trace id and breadcrumbs, unless it has its own.
   *
   * @param scope that of the request, where it is not the one that the caller runs in
   * @returns resolved at once; with `asyncSend: false` when sending has ended, and rejected with `raiseOnError` if it failed
   */
  captureEvent(event: EventDraft, scope: Scope | undefined = activeScope()): Promise<void> {
    let sent: Promise<void> | undefined;
    this.#safely(() => {
      if (this.#closed || !wantsEvent(event, this.options)) return;
      // What belongs to the moment of the capture is taken now, the rest is for later.
      // What is written as it stands is for adapters of ours alone.
      const draft: OwnDraft = { ...event, breadcrumbsJson: undefined };
      draft.traceId ||= scope?.traceId ?? '';
      draft.breadcrumbs ??= this.getBreadcrumbs();
      draft.logs ??= this.getLogs();
      sent = this.#capture(draft, scope);
    });
    return sent ?? Promise.resolve();
  }

  /**
   * Captures what an adapter knows of a request that has ended.
   *
   * @param draft nobody else's
   * @returns undefined if nobody waits for it to be sent
   */
  captureRequest(draft: OwnDraft, scope: Scope): Promise<void> | undefined {
    let sent: Promise<void> | undefined;
    this.#safely(() => {
      if (this.#closed || !wantsEvent(draft, this.options)) return;
      // Calls may go on behind the request.
      draft.breadcrumbsJson = this.#builder.breadcrumbs(scope.trail);
      sent = this.#capture(draft, scope);
    });
    return sent;
  }

  /**
   * Captures a thrown value, whatever it is, and the way it took through observed functions; see {@link captureEvent}.
   * These make no event of it any more.
   */
  captureException(error: unknown, event: EventDraft = {}): Promise<void> {
    const trail = claimError(error, this.#buffers().trail);
    const draft: EventDraft = { ...event, error };
    if (trail !== undefined) draft.metadata = { trail, ...draft.metadata };
    return this.captureEvent(draft);
  }

  /** Adds a breadcrumb to the request, or outside of one to the client. Metadata is copied and masked at once. */
  addBreadcrumb(
    message: string,
    options: { category?: string; level?: Level; metadata?: Record<string, unknown> } = {},
  ): void {
    try {
      const { category, level, metadata } = options;
      const kept = metadata && this.#keeper.copy(metadata);
      addNote(this.#buffers().trail, this.#keeper.text(String(message)), category, level, kept);
    } catch (error) {
      this.reportInternalError(error);
    }
  }

  /** The breadcrumbs of the request, or outside of one those of the client; oldest first. */
  getBreadcrumbs(): Breadcrumb[] {
    return toBreadcrumbs(this.#buffers().trail);
  }

  /** Forgets the breadcrumbs that {@link getBreadcrumbs} gives. */
  clearBreadcrumbs(): void {
    clearBreadcrumbs(this.#buffers().trail);
  }

  /** Keeps a log line for the events to come, if its level is `logLevel` or more serious. */
  captureLog(log: LogInput): void {
    this.#safely(() => {
      const { level = 'info', message, metadata, timestamp = new Date().toISOString() } = log;
      const { maxLogs } = this.options;
      if (!isLogged(level, this.options)) return;
      const { logs } = this.#buffers();
      logs.push({
        level,
        message: this.#keeper.text(String(message)),
        metadata: metadata ? this.#keeper.copy(metadata) : {},
        timestamp,
      });
      if (logs.length > maxLogs) logs.shift();
    });
  }

  /** Keeps the message of a thrown value as a log line of level error. */
  captureErrorLog(error: unknown, metadata: Record<string, unknown> = {}): void {
    const { name: errorName, message } = readError(error);
    this.captureLog({
      level: 'error',
      message:
        typeof message === 'string' ? message : String(serialise(message, this.#masker, MAX_NOTE_BYTES)),
      metadata: { errorName, ...metadata },
    });
  }

  /** The log lines of the request, or outside of one those of the client; oldest first. */
  getLogs(): LogEntry[] {
    return [...this.#buffers().logs];
  }

  /** Forgets the log lines that {@link getLogs} gives. */
  clearLogs(): void {
    this.#buffers().logs.length = 0;
  }

  /**
   * Waits until everything captured so far has been delivered or dropped, and tries to send what was kept.
   *
   * @param timeoutMs how long to wait at most, 5 seconds unless told
   * @param hold false: the process may end before
   * @returns how many of these events are left, and with `spoolDir` how many may have arrived twice
   */
  flush(timeoutMs?: number, hold?: boolean): Promise<FlushResult> {
    return this.#delivery.flush(timeoutMs, hold);
  }

  /**
   * The same while the thread waits: for the end of a process, when nothing asynchronous runs any more. On Node only; a
   * transport of your own is called but cannot be waited for.
   *
   * @param timeoutMs `shutdownTimeoutMs` unless told
   */
  flushSync(timeoutMs: number = this.options.shutdownTimeoutMs): { pending: number } {
    this.#safely(() => this.#delivery.flushSync(timeoutMs));
    return { pending: this.pending };
  }

  /** How many events were captured and neither delivered nor dropped. */
  get pending(): number {
    return this.#delivery.pending;
  }

  /** Flushes, and ends the client: later captures do nothing. */
  async close(timeoutMs?: number): Promise<FlushResult> {
    this.#closed = true;
    if (runtime().client === this) this.#activate(null);
    const result = await this.flush(timeoutMs);
    this.#delivery.stop();
    return result;
  }

  /** Tells `onError` of a failure inside this package, and the console if `DEBUG` names replaystack. Never throws. */
  reportInternalError(error: unknown): void {
    this.#isReporting = true;
    try {
      if (/\breplaystack\b/.test(readEnvironment()['DEBUG'] ?? '')) console.error('[replaystack]', error);
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // There is nobody left to tell.
    } finally {
      this.#isReporting = false;
    }
  }

  /** From now on, instrumented code and what else there is to be observed tell this client, or nobody. */
  #activate(client: this | null): void {
    const state = runtime();
    state.client = client;
    this.#safely(() => {
      state.unobserve?.();
      state.unobserve = undefined;
      if (client === null) return;
      state.unobserve = observeApplication({
        options: this.options,
        masker: this.#masker,
        activeScope,
        log: (line) => {
          if (!this.#isReporting) this.captureLog(line);
        },
        report: (error) => this.reportInternalError(error),
      });
    });
  }

  /** Those of the request, or outside of one those of the client. */
  #buffers(): { trail: Breadcrumbs; logs: LogEntry[] } {
    return activeScope() ?? this;
  }

  #safely(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.reportInternalError(error);
    }
  }
}
