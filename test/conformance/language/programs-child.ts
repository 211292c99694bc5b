/** Runs programs that its parent sends, one at a time, and sends back everything they logged. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as runtime from '../../../runtime/index.ts';
import { createDescribe } from './programs/describe.ts';
import { driveAll } from './programs/drive.ts';
import type { Loaded } from './programs/load.ts';
import { loadCommonJs, loadModules } from './programs/load.ts';
import type { Module } from './programs/modules.ts';

/** A program that goes on for longer has told enough. */
const MAX_ENTRIES = 4_000;
const FUEL = 60;

const around =
  process.env['SCOPE'] === undefined ? <R>(body: () => R): R => body() : runtime.runWithReplayStackContext;

// The text of a function is the one thing of it that does change.
// oxlint-disable-next-line no-extend-native -- programs make texts of functions by accident
Function.prototype.toString = function () {
  return `function ${this.name}`;
};

process.on('message', (modules: Module[]) => {
  void around(() => run(modules)).then((log) => process.send?.(log));
});

async function run(modules: readonly Module[]): Promise<string[]> {
  const entries: string[] = [];
  const describe = createDescribe();
  const log = (...values: unknown[]): void => {
    if (entries.length < MAX_ENTRIES) entries.push(values.map(describe).join(' '));
  };
  const onUnhandled = (error: unknown): void => log('unhandled', error);
  const onHandled = (): void => log('handled late');
  const onUncaught = (error: unknown): void => log('uncaught', error);
  process.on('unhandledRejection', onUnhandled);
  process.on('rejectionHandled', onHandled);
  process.on('uncaughtException', onUncaught);
  const shared = { count: 0, error: new Error('shared'), promise: Promise.resolve('shared') };
  // It would tell what the program is run by.
  shared.error.stack = 'Error: shared';
  Object.assign(globalThis, { log, shared, fuel: { left: FUEL } });
  let loaded: Loaded = [];
  try {
    const load = modules[0]?.file.endsWith('.cjs') ? loadCommonJs : loadModules;
    loaded = await load(modules, runtime, () => startTicking(log));
    await nextTurn();
    startTicking(log);
    driveAll(loaded, log, describe);
  } catch (error) {
    log('failed', error);
  }
  for (let turn = 0; turn < 4; turn++) await nextTurn();
  // Bindings that live have changed by now.
  for (const { exports } of loaded) if (exports) log(...Object.entries(exports).flat());
  process.off('unhandledRejection', onUnhandled);
  process.off('rejectionHandled', onHandled);
  process.off('uncaughtException', onUncaught);
  return entries;
}

/** What happens in the same microtask of both programs stands between the same ticks. */
function startTicking(log: (...values: unknown[]) => void): void {
  let count = 0;
  const tick = (): void => {
    log('tick', count);
    if (count++ < 30) queueMicrotask(tick);
  };
  queueMicrotask(tick);
}
