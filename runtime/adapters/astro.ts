/** Astro. A middleware in front of the application's own sees each request of what is rendered on demand. */
import { activeScope } from '../scope.ts';
import { decoded, revive } from './devalue.ts';
import { activeCaptor, quietly } from './request.ts';
import { runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

/** The parts of Astro's context that are read here. */
export interface AstroContext {
  request: Request;
  url: URL;
  /** The pattern of the route, as Astro writes it: `/orders/[id]`. */
  routePattern: string;
  /** Nobody has asked for it: it is rendered in advance. */
  isPrerendered: boolean;
  /** A getter, which throws where the server does not tell. */
  clientAddress: string;
  /** Those that are set go into the answer's headers at last. */
  cookies: { headers(): Iterable<string> };
}

/** By these Astro tells itself something. */
const UNSENT = ['x-astro-reroute', 'x-astro-rewrite', 'x-astro-route-type'];

/**
 * The middleware.
 *
 * @param next renders what was asked for
 */
export function captureAstro(context: AstroContext, next: () => Promise<Response>): Promise<Response> {
  const captor = activeCaptor();
  if (captor === undefined || context.isPrerendered) return next();
  const { request } = context;
  let body: unknown;
  if (captor.options.captureRequestBody) {
    quietly(captor.client, () => watchBody(request, (read) => (body ??= read)));
  }
  const exchange = {
    framework: 'astro',
    sourceIp: addressOf(context),
    requestBody: async () => plainBody(body),
    sentHeaders: (response: Response) => sentHeaders(context, response),
    // What an action returns.
    plainAnswer: (answer: unknown, { headers }: Response) =>
      headers.get('content-type')?.startsWith('application/json+devalue') ? decoded(answer, revive) : answer,
    // Whatever is thrown: redirects and answers are returned.
    statusOf: () => 500,
    isFailure: () => true,
  };
  const render = (): Promise<Response> => {
    const scope = activeScope();
    if (scope !== undefined) quietly(captor.client, () => describeRoute(context, scope.metadata));
    return next();
  };
  // The page for an error is rendered with the request that has failed, which is known by then.
  return runWebRequest(request, exchange, render, captor);
}

function describeRoute(
  { request, url, routePattern }: AstroContext,
  metadata: Record<string, unknown>,
): void {
  // Where there is no route, it is the page that says so.
  if (routePattern !== '/404') metadata['route'] ??= routePattern;
  if (request.method !== 'POST') return;
  // By a script, and by a form.
  const action = /\/_actions\/(.+?)\/?$/.exec(url.pathname)?.[1] ?? url.searchParams.get('_action');
  if (action !== null) metadata['action'] ??= action;
}

function sentHeaders({ cookies }: AstroContext, response: Response): Headers {
  const headers = new Headers(response.headers);
  for (const cookie of cookies.headers()) headers.append('set-cookie', cookie);
  for (const name of UNSENT) headers.delete(name);
  return headers;
}

function addressOf(context: AstroContext): string | undefined {
  try {
    return context.clientAddress;
  } catch {
    return sourceIpOf(context.request);
  }
}
