/** Handlers of the fetch standard without the build: for Workers, edge functions, Deno, Bun, and servers of fetch on Node. */
import type { ReplayStackClient } from '../client.ts';
import { isKnownRequest } from '../requests.ts';
import { scopeOfRequest } from './node-http.ts';
import { quietly } from './request.ts';
import type { RequestOptions } from './request-options.ts';
import { optionsFor } from './request-options.ts';
import { takeOver } from './take-over.ts';
import type { WaitUntil } from './wait-until.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

/** Options of requests, and how to have a platform wait that stops programs with their response. */
export interface FetchOptions extends RequestOptions<Request> {
  /**
   * Has the platform wait for a promise: `after` of `next/server`, for one.
   *
   * @default `waitUntil` of what the handler is given behind the request, or that of Vercel and Next.js
   */
  waitUntil?: WaitUntil | undefined;
}

/** A handler, and whatever its platform gives it behind the request. */
export type FetchHandler<Rest extends unknown[], Result> = (request: Request, ...rest: Rest) => Result;

/**
 * Makes a wrapper for handlers that captures their requests and the errors that escape them: one event for each, sent
 * within `waitUntil`. Where the build's hooks have opened the request already, what is given here for its end counts all
 * the same: `captureRequestBody`, `captureResponseBody`, `captureHeaders`, `ignoredPaths` and `shouldCapture`.
 *
 * @param options for these requests, over those of the client
 * @example
 * ```ts
 * const capture = replayStackFetch(new ReplayStackClient({ apiKey }), { ignoredPaths: ['/internal'] });
 *
 * export default { fetch: capture(async (request, env, ctx) => new Response('Hello')) };
 * ```
 */
export function replayStackFetch(
  client: ReplayStackClient,
  options: FetchOptions = {},
): <Rest extends unknown[], Result>(handler: FetchHandler<Rest, Result>) => FetchHandler<Rest, Result> {
  const { waitUntil, ...own } = options;
  const captor = { client, options: optionsFor(client, own) };
  return <Rest extends unknown[], Result>(handler: FetchHandler<Rest, Result>) =>
    function replayStack(this: unknown, request: Request, ...rest: Rest): Result {
      const handle = (): Result => Reflect.apply(handler, this, [request, ...rest]);
      if (!client.options.enabled || !(request instanceof Request)) return handle();
      if (isKnownRequest(request)) {
        const scope = scopeOfRequest(request);
        if (scope !== undefined) scope.options = captor.options;
        takeOver(request, 'fetch', client);
        return handle();
      }
      let body: unknown;
      if (captor.options.captureRequestBody) {
        quietly(client, () => watchBody(request, (read) => (body ??= read)));
      }
      const exchange = {
        framework: 'fetch',
        sourceIp: sourceIpOf(request),
        requestBody: async () => plainBody(body),
        contexts: waitUntil === undefined ? rest : [{ waitUntil }],
      };
      return runWebRequest(request, exchange, handle, captor);
    };
}
