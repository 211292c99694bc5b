/** The runtime on Node, and on what offers Node's builtins. They are reached when they are needed, never imported. */
import type util from 'node:util';
import { createUndiciTransport } from '../delivery/transport/undici.ts';
import type { AsyncStorage, PlatformTransport } from './types.ts';

export { openSpool } from '../delivery/spool/spool.ts';
export { mapStack, mapStackSync } from '../stack/node-map.ts';
export { postSync } from '../delivery/transport/sync.ts';
export { observeApplication } from './node-application.ts';
export { onFatal, watchProcess } from './node-process.ts';
export { formatText } from './node-text.ts';

export function readEnvironment(): Record<string, string | undefined> {
  return typeof process === 'undefined' ? {} : process.env;
}

export function createAsyncStorage<T>(): AsyncStorage<T> | undefined {
  const hooks = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:async_hooks');
  return hooks && new hooks.AsyncLocalStorage<T>();
}

export function createTransport(): PlatformTransport {
  return createUndiciTransport();
}

export const lasting = true;

export function defer(task: () => void): void {
  setImmediate(task);
}

let types: typeof util.types | undefined;

export function isPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  types ??= process.getBuiltinModule('node:util').types;
  return types.isPromise(value);
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
