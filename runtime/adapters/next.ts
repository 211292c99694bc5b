/**
 * Next.js. What it renders in advance, or again in the background, must not be seen to read a request, or it would be rendered
 * for each from then on. So Next's own store says whether there is a request, and what it says.
 */
import type { EventDraft } from '../event/build-event.ts';
import { formFields } from '../event/body.ts';
import { toHeaderRecord } from '../event/headers.ts';
import { toEndpoint } from '../event/url.ts';
import { digestStatus } from '../observe/control-flow.ts';
import { isPlainPromise } from '../observe/native-promise.ts';
import type { Scope } from '../scope.ts';
import { activeScope, isInside, runInScope } from '../scope.ts';
import { noting, openEntry } from './entry.ts';
import { noteUrl, runNodeRequest } from './node-http.ts';
import { announcesBody } from './node-exchange.ts';
import type { NodeRequest } from './node-message.ts';
import { isNodeRequest, isNodeResponse } from './node-message.ts';
import type { RequestTap } from './node-request.ts';
import { tapRequest } from './node-request.ts';
import type { OpenRequest } from './request.ts';
import { activeCaptor, closeRequest, noteEscape, openRequest, optionsOf } from './request.ts';
import type { WebExchange, WebHead } from './web.ts';
import { isResponse, runWebRequest, sourceIpOf } from './web.ts';
import { plainBody, watchBody } from './web-body.ts';

/** Where Next keeps what is under way. */
export interface NextStorage {
  getStore(): unknown;
  /** What the paths of all requests begin with, and is taken off before handlers see them. */
  basePath?: string | undefined;
}

/** What Next has of a request; of a rendering in advance it has something of another type. */
interface RequestStore {
  type: 'request';
  phase: 'action' | 'render' | 'after';
  url: { pathname: string; search: string };
  headers: Headers;
}

/**
 * A hook. With `args` it is written into a handler, around all that is in it; else around the value that is the handler.
 *
 * @param route the pattern of the route, if the file is for one; of an action that a call has given, what it is exported as
 */
export type NextHook = (
  storage: NextStorage,
  names: string | readonly string[],
  route: string,
  target: unknown,
  args: ArrayLike<unknown> | undefined,
) => unknown;

const FRAMEWORK = 'next';

/** Handlers of the App Router: `GET(request, context)`. */
export const openNextRoute: NextHook = (storage, names, route, target, args) =>
  openEntry(names, target, args, (handle, { 0: request }) => {
    const store = requestStore(storage);
    if (store === undefined || !(request instanceof Request)) return handle();
    return runRequest(request, headOf(request.method, store, storage), route, handle);
  });

/** API routes of the Pages Router: `handler(request, response)`, or `handler(request)` on the edge. */
export const openNextApi: NextHook = ({ basePath }, names, route, target, args) =>
  openEntry(names, target, args, (handle, { 0: request, 1: response }) => {
    if (request instanceof Request) return runRequest(request, request, route, handle);
    if (!isNodeRequest(request) || !isNodeResponse(response)) return handle();
    const handleRoute = (): unknown => {
      noteRoute(route);
      noteUrl(activeScope(), (url) => withBase(url, basePath));
      return noting(handle);
    };
    const read = tapUnparsed(request);
    // Where there is no body, Next says that it is an empty text.
    return runNodeRequest(request, response, FRAMEWORK, handleRoute, () => request.body || read?.payload());
  });

/** Of a body that Next does not parse, as the route asks for, there is what the application reads. */
function tapUnparsed(request: NodeRequest): RequestTap | undefined {
  const { client, options } = activeCaptor() ?? {};
  if (!options?.captureRequestBody || request.body !== undefined) return undefined;
  try {
    if (!announcesBody(request.headers)) return undefined;
    return tapRequest(request, options.maxPayloadSizeBytes, () => true);
  } catch (error) {
    client?.reportInternalError(error);
    return undefined;
  }
}

/** The proxy, once middleware: captured are the requests that it answers itself. */
export const openNextProxy: NextHook = (_, names, route, target, args) =>
  openEntry(names, target, args, (handle, { 0: request, 1: event }) => {
    if (!(request instanceof Request)) return handle();
    return runRequest(request, request, route, handle, {
      contexts: [event],
      goesOn: (given) => !given || (isResponse(given) && isWordToGoOn(given)),
    });
  });

/** Server functions, called as actions: while a page is rendered they are functions like others. */
export const openNextAction: NextHook = (storage, names, exported, target, args) =>
  openEntry(names, target, args, (handle, values) => {
    const captor = activeCaptor();
    const store = captor && requestStore(storage);
    if (captor === undefined || store?.phase !== 'action' || isInside()) return handle();
    const head = headOf('POST', store, storage);
    const opened = openRequest(captor, () => {
      const traceId = head.headers.get('x-trace-id') ?? undefined;
      return {
        method: head.method,
        path: toEndpoint(head.url),
        traceId,
        request: head,
        framework: FRAMEWORK,
      };
    });
    return opened === undefined
      ? handle()
      : runAction(opened, head, String(names) || exported, handle, values);
  });

function isWordToGoOn({ headers }: Response): boolean {
  return headers.has('x-middleware-next') || headers.has('x-middleware-rewrite');
}

function requestStore(storage: NextStorage): RequestStore | undefined {
  try {
    const store = storage.getStore() as RequestStore | undefined;
    return store?.type === 'request' ? store : undefined;
  } catch {
    return undefined;
  }
}

function headOf(method: string, { url, headers }: RequestStore, { basePath }: NextStorage): WebHead {
  const path = withBase(url.pathname, basePath);
  return { method, headers, url: `http://${headers.get('host') ?? 'localhost'}${path}${url.search}` };
}

/** @param url of a request, without its origin */
function withBase(url: string, base = ''): string {
  const isThere = url.startsWith(base) && /^(?:[/?]|$)/.test(url.slice(base.length));
  return isThere ? url : base + url.replace(/^\/(?=\?|$)/, '');
}

function runRequest(
  request: Request,
  head: WebHead,
  route: string,
  handle: () => unknown,
  more: Partial<WebExchange> = {},
): unknown {
  const captor = activeCaptor();
  let body: unknown;
  if (captor?.options.captureRequestBody === true && !/^(GET|HEAD)$/.test(head.method)) {
    try {
      watchBody(request, (read) => (body ??= read));
    } catch (error) {
      captor.client.reportInternalError(error);
    }
  }
  const exchange: WebExchange = {
    framework: FRAMEWORK,
    sourceIp: sourceIpOf(head),
    requestBody: async () => plainBody(body),
    head,
    statusOf,
    statusOfNothing: (scope) => noteFault(scope, 'No Response was returned'),
    ...more,
  };
  const handleRoute = (): unknown => {
    noteRoute(route);
    return handle();
  };
  return runWebRequest(request, exchange, handleRoute, captor);
}

function statusOf(error: unknown, scope: Scope): number {
  return isResponse(error) ? noteFault(scope, 'A Response was thrown') : (digestStatus(error) ?? 500);
}

/** What is no error to others is one to Next, and no value tells of it. @returns what Next answers with */
function noteFault(scope: Scope, message: string): number {
  noteEscape(scope, { name: 'TypeError', message }, false);
  return 500;
}

function noteRoute(route: string): void {
  const scope = activeScope();
  if (scope !== undefined && route !== '') scope.metadata['route'] = route;
}

function runAction(
  opened: OpenRequest,
  head: WebHead,
  name: string,
  handle: () => unknown,
  args: ArrayLike<unknown>,
): unknown {
  const { scope } = opened;
  if (scope.trail.muted) return runInScope(scope, handle);
  scope.metadata['action'] = name;
  const result = runInScope(scope, handle);
  // A server function is async.
  if (!isPlainPromise(result)) return result;
  return result.then(
    (value: unknown) => {
      closeRequest(opened, () => describeAction(opened, head, args, 200, value));
      return value;
    },
    (error: unknown) => {
      noteEscape(scope, error, false);
      const status = statusOf(error, scope);
      // A redirect that an action throws becomes "see other", or a word to the script that has called it.
      const told = head.headers.has('next-action') ? 200 : 303;
      const answered = status >= 300 && status < 400 ? told : status;
      closeRequest(opened, () => describeAction(opened, head, args, answered, undefined));
      throw error;
    },
  );
}

function describeAction(
  opened: OpenRequest,
  { method, url, headers }: WebHead,
  args: ArrayLike<unknown>,
  statusCode: number,
  result: unknown,
): EventDraft {
  const { captureRequestBody, captureResponseBody, captureHeaders } = optionsOf(opened);
  const userAgent = headers.get('user-agent');
  return {
    method,
    endpoint: new URL(url).pathname,
    requestUrl: url,
    requestHeaders: toHeaderRecord(headers) ?? {},
    captureHeaders,
    statusCode,
    ...(userAgent !== null && { userAgent }),
    ...(captureRequestBody && { requestPayload: Array.from(args, plainArgument) }),
    ...(captureResponseBody && result !== undefined && { responsePayload: result }),
  };
}

/** A form without the fields by which React finds the function. */
function plainArgument(value: unknown): unknown {
  if (!(value instanceof FormData)) return plainBody(value);
  return formFields([...value.entries()].filter(([name]) => !name.startsWith('$ACTION_')));
}
