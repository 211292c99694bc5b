/** What `console.error` and `console.warn` print, as log lines of the request. */
import { wrapFunction } from '../adapters/wrap-function.ts';
import type { AnyFunction } from '../adapters/wrap-function.ts';
import { formatText } from '../platform/node-text.ts';
import type { Observation } from '../platform/types.ts';
import type { Level } from '../protocol.ts';
import { isLogged } from './levels.ts';

const METHODS: readonly [name: 'error' | 'warn', level: Level][] = [
  ['error', 'error'],
  ['warn', 'warning'],
];

/** Characters that are looked at; fewer are kept. */
const MAX_LENGTH = 4096;

/**
 * Puts stand-ins for the methods whose level is kept, which print first and then tell.
 *
 * @returns puts back what was there, unless somebody has put something over it: then it only prints
 */
export function captureConsole({ options, masker, log, report }: Observation): () => void {
  if (!options.captureConsole) return () => {};
  const owner = globalThis.console as unknown as Record<string, AnyFunction>;
  let isOver = false;
  /** What we do may print, as may what the application has us call. */
  let isTelling = false;

  function tell(level: Level, args: readonly unknown[]): void {
    if (isOver || isTelling) return;
    isTelling = true;
    try {
      // Objects are texts here: secret names count in them as they do in bodies.
      log({ level, message: masker.text(formatText(args), MAX_LENGTH, true) });
    } catch (error) {
      report(error);
    } finally {
      isTelling = false;
    }
  }

  const ends = METHODS.filter(([, level]) => isLogged(level, options)).map(([name, level]) => {
    const original = owner[name];
    if (typeof original !== 'function') return () => {};
    const standIn = wrapFunction(original, (print, self, args) => {
      const printed = Reflect.apply(print, self, args);
      tell(level, args);
      return printed;
    });
    // Does not throw where nothing can be changed.
    Reflect.set(owner, name, standIn);
    return () => {
      if (owner[name] === standIn) Reflect.set(owner, name, original);
    };
  });
  return () => {
    isOver = true;
    ends.forEach((end) => end());
  };
}
