/** Handlers of the fetch standard, as platforms call them: with a Request, and with something of their own. */
import { activeScope } from '../scope.ts';
import type { Captor } from './request.ts';
import { quietly } from './request.ts';
import type { WebExchange } from './web.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

/** What a platform is, and what it tells beyond the Request. */
export interface FetchCall {
  framework: string;
  route?: string;
  contexts?: readonly unknown[];
  sourceIp?: string | undefined;
}

/** Runs a handler for a request. Frameworks inside of it see that the request is captured, and add what they know. */
export function runFetch(
  captor: Captor,
  request: Request,
  { framework, route = '', contexts = [], sourceIp }: FetchCall,
  handle: () => unknown,
): unknown {
  // Within another request it is a call like others.
  if (activeScope()?.closed === false) return handle();
  let body: unknown;
  if (captor.options.captureRequestBody && !/^(?:GET|HEAD)$/.test(request.method)) {
    quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
  }
  const exchange: WebExchange = {
    framework,
    sourceIp: sourceIp ?? sourceIpOf(request),
    requestBody: async () => plainBody(body),
    contexts,
  };
  return runWebRequest(request, exchange, routed(handle, route), captor);
}

/** The handler of a route, whose pattern is the request's unless a framework inside knows better. */
export function routed(handle: () => unknown, route: string): () => unknown {
  return () => {
    const scope = activeScope();
    if (scope !== undefined && route !== '') scope.metadata['route'] ??= route;
    return handle();
  };
}
