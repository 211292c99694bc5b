/** Does with a program's exports what a program can do: looks at them, calls them, makes instances, iterates, leaves early. */
import type { Describe } from './describe.ts';
import { ownKeys, shapeOf } from './describe.ts';
import type { Loaded } from './load.ts';

type Log = (...values: unknown[]) => void;
type Callable = (...args: unknown[]) => unknown;

/** As it was before programs-child.ts took its place. */
// oxlint-disable-next-line typescript/unbound-method -- called with `call`
const sourceOf = Function.prototype.toString;

const ARGUMENTS: readonly (readonly unknown[])[] = [[], [0], [{ a: 'x', b: 1, get: 2 }, 2], [[3]]];

export function driveAll(loaded: Loaded, log: Log, describe: Describe): void {
  for (const { file, exports, error } of loaded) {
    if (exports === undefined) {
      log(file, 'failed', error);
      continue;
    }
    if (error !== undefined) log(file, 'threw', error);
    for (const name of Object.keys(exports)) {
      try {
        drive(name, exports[name as keyof object], { log, describe }, 0);
      } catch (error) {
        log(name, 'threw', error);
      }
    }
    log(file, Object.keys(exports).join());
  }
}

interface Driver {
  log: Log;
  describe: Describe;
}

function drive(name: string, value: unknown, driver: Driver, depth: number): void {
  const { log, describe } = driver;
  if (typeof value === 'function') {
    log(name, value.name, value.length, value.constructor.name, shapeOf(value, describe));
    if (/^class\b/.test(sourceOf.call(value))) driveClass(name, value, driver, depth);
    else for (const args of ARGUMENTS) call(name, value as Callable, { name }, args, log);
    for (const args of ARGUMENTS.slice(0, 1)) construct(name, value, args, driver, depth);
  } else if (typeof value === 'object' && value !== null && depth < 3) {
    if (value instanceof Promise) return log(name, value);
    log(name, shapeOf(value, describe));
    for (const key of ownKeys(value)) driveMember(name, value, key, driver, depth);
  } else log(name, value);
}

function driveMember(name: string, holder: object, key: PropertyKey, driver: Driver, depth: number): void {
  const path = `${name}.${String(key)}`;
  try {
    const member: unknown = Reflect.get(holder, key);
    if (typeof member !== 'function') return drive(path, member, driver, depth + 1);
    driver.log(path, member.name, member.length, shapeOf(member, driver.describe));
    for (const args of ARGUMENTS.slice(0, 2)) call(path, member as Callable, holder, args, driver.log);
  } catch (error) {
    driver.log(path, 'threw', error);
  }
}

function driveClass(name: string, value: object, driver: Driver, depth: number): void {
  if (depth > 1) return;
  const builtIn = ['length', 'name', 'prototype'];
  for (const key of ownKeys(value)) {
    if (!builtIn.includes(String(key))) driveMember(name, value, key, driver, depth + 1);
  }
}

function construct(
  name: string,
  value: object,
  args: readonly unknown[],
  driver: Driver,
  depth: number,
): void {
  try {
    const made: unknown = Reflect.construct(value as new (...args: unknown[]) => unknown, args);
    if (typeof made !== 'object' || made === null) return;
    const prototype = Object.getPrototypeOf(made) as object;
    if (depth > 1 || prototype === Object.prototype) return;
    driver.log(name, 'made', shapeOf(made, driver.describe), shapeOf(prototype, driver.describe));
    for (const key of [...ownKeys(made), ...ownKeys(prototype)]) {
      if (key !== 'constructor') driveMember(`new ${name}`, made, key, driver, depth + 1);
    }
  } catch (error) {
    driver.log(name, 'was not made', error);
  }
}

function call(name: string, value: Callable, self: unknown, args: readonly unknown[], log: Log): void {
  try {
    const result = Reflect.apply(value, self, args);
    if (result instanceof Promise) {
      // Some are left alone, to see what becomes of their rejections.
      if (args.length === 1) return;
      result.then(
        (given: unknown) => log(name, 'gave', given),
        (error: unknown) => log(name, 'failed', error),
      );
    } else if (isIterator(result)) void drain(name, result, log);
    else log(name, 'returned', result);
  } catch (error) {
    log(name, 'threw', error);
  }
}

function isIterator(value: unknown): value is AsyncGenerator<unknown> {
  return Object.prototype.toString.call(value).endsWith('Generator]');
}

async function drain(name: string, iterator: AsyncGenerator<unknown>, log: Log): Promise<void> {
  try {
    for (let count = 0; count < 3; count++) {
      const { value, done } = await iterator.next(count);
      log(name, 'yielded', value, done);
      if (done) return;
    }
    log(name, 'left', (await iterator.return('early')).value);
  } catch (error) {
    log(name, 'failed', error);
  }
}
