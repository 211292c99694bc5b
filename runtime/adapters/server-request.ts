/** Requests of the fetch standard as servers hand them on: with what they know of them. */
import { isKnownRequest, keepOfRequest } from '../requests.ts';
import { runNodeRequest } from './node-http.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import { activeCaptor, quietly } from './request.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

interface ServerRequest extends Request {
  waitUntil?: (promise: Promise<unknown>) => void;
  runtime?: {
    node?: { req?: unknown; res?: unknown };
    cloudflare?: { env?: unknown };
  };
}

/** Who takes requests, and where. */
export interface Taker {
  framework: string;
  /** Who captures, and how. */
  findCaptor?: typeof activeCaptor;
  /** The client's address, where the server is to be asked for it. */
  sourceIp?(): string | undefined;
}

/**
 * Runs `handle` in the scope of the request that it is given: on a server of Node's that of the server's own request, which
 * tells what is really sent.
 *
 * @param args what `handle` is given: the request, and on some platforms the environment and the context
 */
export function runServerRequest<R>(
  [request, env, context]: readonly unknown[],
  { framework, findCaptor = activeCaptor, sourceIp }: Taker,
  handle: () => R,
): R {
  if (!(request instanceof Request) || isKnownRequest(request)) return handle();
  const { node, cloudflare } = (request as ServerRequest).runtime ?? {};
  const captor = findCaptor(cloudflare?.env ?? env);
  if (captor === undefined) return handle();
  let body: unknown;
  if (captor.options.captureRequestBody) {
    quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
  }
  const requestBody = async (): Promise<unknown> => plainBody(body);
  if (isNodeRequest(node?.req) && isNodeResponse(node?.res)) {
    quietly(captor.client, () => keepOfRequest(request, undefined));
    return runNodeRequest(node.req, node.res, framework, handle, requestBody, captor);
  }
  const exchange = {
    framework,
    sourceIp: sourceIp?.() ?? sourceIpOf(request),
    requestBody,
    contexts: [context, request],
  };
  return runWebRequest(request, exchange, handle, captor);
}
