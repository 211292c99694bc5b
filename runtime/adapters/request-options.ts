/** What middleware may want done otherwise for the requests that it sees. */
import type { ReplayStackClient } from '../client.ts';
import type { Reader } from '../options/option-readers.ts';
import { callback, flag, list } from '../options/option-readers.ts';
import type { RequestSummary, ResolvedOptions } from '../options/resolve-options.ts';

/** Options of requests; those that are left out are the client's. `R` is the request as the framework gives it. */
export interface RequestOptions<R = unknown> {
  /** Capture bodies of requests. */
  captureRequestBody?: boolean | undefined;
  /** Capture bodies of responses. */
  captureResponseBody?: boolean | undefined;
  /** Send headers with an event. How it was authorised is told either way. */
  captureHeaders?: boolean | undefined;
  /** Paths never captured, beside those of the client. */
  ignoredPaths?: readonly string[] | undefined;
  /** The trace id of a request, if not that of its `x-trace-id` header. */
  getTraceId?(request: R): string | undefined;
  /** Whether a request becomes an event. */
  shouldCapture?(request: RequestSummary): boolean;
}

const READERS: Record<keyof RequestOptions, Reader> = {
  captureRequestBody: flag,
  captureResponseBody: flag,
  captureHeaders: flag,
  ignoredPaths: list,
  getTraceId: callback,
  shouldCapture: callback,
};

/** The client's options with those of the middleware over them. What does not fit is reported, and the client's counts. */
export function optionsFor<R>(client: ReplayStackClient, own: RequestOptions<R>): ResolvedOptions {
  const options: Record<string, unknown> = { ...client.options };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) continue;
    const result = READERS[name as keyof RequestOptions]?.(value);
    if (result !== undefined) options[name] = result;
    else client.reportInternalError(new Error(`The option \`${name}\` of the middleware does not fit.`));
  }
  const { ignoredPaths } = client.options;
  options['ignoredPaths'] = [...ignoredPaths, ...(list(own.ignoredPaths) ?? [])];
  return options as unknown as ResolvedOptions;
}
