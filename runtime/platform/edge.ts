/** The runtime where there is nothing but web standards: workers and edge functions. */
import type { StackFrame } from '../protocol.ts';
import { createFetchTransport } from '../delivery/transport/fetch.ts';
import { gzipByStream } from '../delivery/transport/gzip.ts';
import type {
  AsyncStorage,
  MappedStack,
  Observation,
  PlatformTransport,
  ProcessWatch,
  SyncPost,
  Watching,
} from './types.ts';

interface EdgeGlobals {
  process?: {
    env?: Record<string, string | undefined>;
    getBuiltinModule?: (name: string) => { AsyncLocalStorage?: new <T>() => AsyncStorage<T> } | undefined;
  };
  AsyncLocalStorage?: new <T>() => AsyncStorage<T>;
}

export function readEnvironment(): Record<string, string | undefined> {
  return (globalThis as EdgeGlobals).process?.env ?? {};
}

export function createAsyncStorage<T>(): AsyncStorage<T> {
  const { AsyncLocalStorage, process } = globalThis as EdgeGlobals;
  const Storage = AsyncLocalStorage ?? process?.getBuiltinModule?.('node:async_hooks')?.AsyncLocalStorage;
  return Storage ? (new Storage() as AsyncStorage<T>) : createSyncStorage();
}

/** Workers have AsyncLocalStorage only if they ask for it. This much can be had without. */
function createSyncStorage<T>(): AsyncStorage<T> {
  let current: T | undefined;
  return {
    synchronous: true,
    run(store, body) {
      const before = current;
      current = store;
      try {
        return body();
      } finally {
        current = before;
      }
    },
    getStore: () => current,
  };
}

export function createTransport(): PlatformTransport {
  return createFetchTransport(gzipByStream);
}

/** There are no files to look for maps in: frames are resolved where the events arrive. */
export async function mapStack(frames: StackFrame[]): Promise<MappedStack> {
  return { frames, debugIds: {} };
}

export function mapStackSync(frames: StackFrame[]): MappedStack {
  return { frames, debugIds: {} };
}

/** No thread may wait here. */
export function postSync(_post: SyncPost): number[] {
  return [];
}

/** The platform ends its processes without a word. */
export function onFatal(): void {}

/** For the same reason there is nothing to watch. */
export function watchProcess(_watch: ProcessWatch): Watching | undefined {
  return undefined;
}

/** Nobody tells of what goes out, and what is printed goes to the platform's own logs. */
export function observeApplication(_observation: Observation): () => void {
  return () => {};
}

export function formatText(args: readonly unknown[]): string {
  return args.map(String).join(' ');
}

/** There is nowhere to write to. */
export function openSpool(): undefined {}

/** A request that has been answered may be the last thing that is heard of the program. */
export const lasting = false;

export function defer(task: () => void): void {
  setTimeout(task, 0);
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
