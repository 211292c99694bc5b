/** Servers of Node's write a Response piece by piece, also one whose body was there from the start: JSON is read from a copy. */
import { isPlainJson } from '../event/written.ts';
import type { Scope } from '../scope.ts';
import { noteWhole } from './node-http.ts';
import { captureBody } from './web.ts';

/**
 * For handlers of frameworks that send what these give, of which it is known whether names stand beside their values in it.
 *
 * @param response what a handler gave, before anybody has read it
 */
export function readAlong(scope: Scope | undefined, response: unknown): void {
  const { exchange, options } = scope ?? {};
  // Where there is no server of Node's, the answer is captured anyway.
  if (exchange === undefined || options?.captureResponseBody !== true) return;
  if (!(response instanceof Response) || !isPlainJson(response.headers.get('content-type'))) return;
  const body = captureBody(response, options.maxPayloadSizeBytes);
  body.then((text) => noteWhole(exchange, text)).catch(() => {});
}
