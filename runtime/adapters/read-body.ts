/** What an event is told of the body of a request, whoever knows it. */
import type { Scope } from '../scope.ts';
import type { OpenRequest } from './request.ts';

/** The body as the application read it. What fails to tell costs the payload, and not the event. */
export function readBody(
  { client, scope }: OpenRequest,
  reader: { requestBody(scope: Scope): unknown },
): unknown {
  const fail = (error: unknown): void => client.reportInternalError(error);
  try {
    const body = reader.requestBody(scope);
    return body instanceof Promise ? body.catch(fail) : body;
  } catch (error) {
    return fail(error);
  }
}
