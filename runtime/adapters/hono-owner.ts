/** What the build writes around the app of a Hono registration. */
import { honoHandler, isApp } from './hono.ts';

/**
 * Injected around what handlers are registered on: TypeScript must find Hono's handlers where they stand, since what one of
 * them gets depends on those before it. Anything but an app is handed back.
 *
 * @param ignored indexes of arguments that are left alone
 * @returns something to register on, once: it wraps the handlers, and answers as the app does
 */
export function honoOwner<T>(owner: T, ...ignored: number[]): T {
  try {
    if (!isApp(owner)) return owner;
    const registrar = new Proxy(
      {},
      {
        get(_, key) {
          const method: unknown = Reflect.get(owner, key, owner);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]): unknown =>
            Reflect.apply(
              method,
              owner,
              args.map((argument, index) =>
                ignored.includes(index) ? argument : honoHandler(owner, argument),
              ),
            );
        },
      },
    );
    return registrar as T;
  } catch {
    return owner;
  }
}
