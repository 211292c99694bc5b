/** Requests of the fetch standard as servers hand them on, with what they know of them: on Node it is the server's own request. */
import { keepOfRequest } from '../requests.ts';
import { isNodeRequest, isNodeResponse, runNodeRequest } from './node-http.ts';
import type { Captor } from './request.ts';
import { quietly } from './request.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

/** What srvx adds, and servers that follow it. */
export interface ServerRequest extends Request {
  waitUntil?: (promise: Promise<unknown>) => void;
  runtime?: {
    node?: { req?: unknown; res?: unknown };
    cloudflare?: { env?: unknown };
  };
}

/**
 * Runs `handle` in the scope of a request that has not been seen before. Node's own tells what is really sent.
 *
 * @param context the platform's, if it hands one to the handler
 */
export function runServerRequest(
  request: ServerRequest,
  framework: string,
  handle: () => unknown,
  captor: Captor,
  context: unknown,
): unknown {
  let body: unknown;
  if (captor.options.captureRequestBody) {
    quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
  }
  const requestBody = async (): Promise<unknown> => plainBody(body);
  const { req, res } = request.runtime?.node ?? {};
  if (isNodeRequest(req) && isNodeResponse(res)) {
    quietly(captor.client, () => keepOfRequest(request, undefined));
    return runNodeRequest(req, res, framework, handle, requestBody, captor);
  }
  const exchange = { framework, sourceIp: sourceIpOf(request), requestBody, contexts: [context, request] };
  return runWebRequest(request, exchange, handle, captor);
}
