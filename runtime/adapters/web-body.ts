/** The body of a Request, as the application reads it. */
import { formFields } from '../event/body.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** What an application reads a body by. */
const READS: readonly string[] = ['json', 'text', 'formData', 'arrayBuffer', 'bytes', 'clone'];

/**
 * Reads along. The stream of a body can be read once, and a copy of it would be read, and kept, whether the application
 * reads the original or not; so what is noted is what the application got.
 */
export function watchBody(request: Request, note: (body: unknown) => void): void {
  for (const name of READS) {
    const original = (request as unknown as Record<string, AnyFunction | undefined>)[name];
    if (original === undefined) continue;
    const value = wrapFunction(original, (read, self, args) => {
      const result = Reflect.apply(read, self, args);
      if (result instanceof Request) watchBody(result, note);
      if (!(result instanceof Promise)) return result;
      return result.then((body: unknown) => {
        note(body);
        return body;
      });
    });
    Object.defineProperty(request, name, { value, writable: true, configurable: true });
  }
}

/** What an application read of a body, in a form that can be written as JSON, or be decoded. */
export function plainBody(body: unknown): unknown {
  if (body instanceof FormData) return formFields(body.entries());
  return body instanceof ArrayBuffer ? new Uint8Array(body) : body;
}
