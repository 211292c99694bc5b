/**
 * What must exist once per process. A bundle and its externals may each carry a copy of this runtime, so it hangs on
 * globalThis under a registered symbol.
 */
import type { ReplayStackClient } from './client.ts';
import type { Guards } from './guards.ts';
import type { AsyncStorage } from './platform/types.ts';
import type { Scope } from './scope.ts';
import type { Passages } from './observe/trail.ts';

export interface RuntimeState {
  /**
   * The client that instrumented code reports to. Undefined as long as there is no API key; null when the application
   * closed its client, or made one that is not enabled.
   */
  client: ReplayStackClient | null | undefined;
  storage: AsyncStorage<Scope | undefined> | undefined;
  /** The innermost scope that an error is just leaving. */
  left?: Scope | undefined;
  /** The way each error took. */
  errors: WeakMap<object, Passages>;
  /** The same for thrown values that are no objects: until the next macrotask, since they have no identity. */
  values: Map<unknown, Passages>;
  /** Reports the errors that are to become events in the next macrotask. */
  due?: Set<() => void>;
  /** While a client is guarded. */
  guards: Guards | undefined;
  /** An error that ends the process starts the client, if nothing has. */
  early?: boolean;
  /** How often a hook asked for a client in vain. */
  misses: number;
  /** Requests are opened when they come in. */
  incoming?: boolean;
  /** Ends what is observed for the client, beside what hooks tell it. */
  unobserve?: (() => void) | undefined;
}

const KEY: symbol = Symbol.for('replaystack.runtime');

let shared: RuntimeState | undefined;

/** The state of this process. */
export function runtime(): RuntimeState {
  return shared ?? findState();
}

function findState(): RuntimeState {
  const holder = globalThis as { [KEY]?: RuntimeState };
  shared = holder[KEY] ?? {
    client: undefined,
    storage: undefined,
    errors: new WeakMap(),
    values: new Map(),
    guards: undefined,
    misses: 0,
  };
  // Does not throw where nothing can be added to globalThis.
  Reflect.set(holder, KEY, shared);
  return shared;
}
