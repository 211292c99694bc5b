/** GraphQL of NestJS, which makes its server by itself, of what its module is given: Apollo's gets our plugin there. */
import { isPlainPromise } from '../observe/native-promise.ts';
import { activeClient } from '../start.ts';
import { apolloPlugin } from './apollo.ts';
import { withPlugin, withProperty } from './graphql.ts';
import type { AnyFunction } from './wrap-function.ts';
import { wrapFunction } from './wrap-function.ts';

/** The parts of the module's options that are used here. */
interface ModuleOptions {
  driver?: unknown;
  /** Of `forRootAsync()`: gives those of `forRoot()`, or a promise of them. */
  useFactory?: AnyFunction;
  useClass?: unknown;
  useExisting?: unknown;
}

/** Injected around what `GraphQLModule.forRoot()` and `.forRootAsync()` take. Returns the like of it, with a plugin of ours. */
export function nestGraphqlOptions<T>(options: T): T {
  try {
    activeClient();
    const { driver, useFactory, useClass, useExisting } = Object(options) as ModuleOptions;
    if (!isApollo(driver) || useClass !== undefined || useExisting !== undefined) return options;
    if (useFactory === undefined) return added(options) as T;
    return withProperty(options as T & object, 'useFactory', wrapFunction(useFactory, addTo));
  } catch {
    return options;
  }
}

/** Its drivers extend one that is called so; those of others know no plugins, or others. */
function isApollo(driver: unknown): boolean {
  for (let type = driver; typeof type === 'function'; type = Object.getPrototypeOf(type) as unknown) {
    if (/^Apollo\w*Driver$/.test(type.name)) return true;
  }
  return false;
}

/** Nest awaits what the factory gives. */
function addTo(make: AnyFunction, self: unknown, args: unknown[]): unknown {
  const made = Reflect.apply(make, self, args);
  return isPlainPromise(made) ? made.then(added) : added(made);
}

function added(options: unknown): unknown {
  try {
    return typeof options === 'object' && options !== null ? withPlugin(options, apolloPlugin) : options;
  } catch {
    return options;
  }
}
