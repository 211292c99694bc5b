/** What an application logs by pino or winston, as log lines of the request. Neither is needed for it. */
import type { Level } from '../protocol.ts';
import { activeClient } from '../start.ts';
import { isLogged, levelOfName, levelOfNumber } from './levels.ts';
import { formatText } from '#platform';

/** Under which winston keeps the level that others may not colour. */
const WINSTON_LEVEL: symbol = /* @__PURE__ */ Symbol.for('level');

/** A log line as it is kept, but for its level. */
interface Line {
  message: string;
  metadata?: Record<string, unknown>;
}

/**
 * Hooks of pino's: what is logged goes on as it is, and to the client if its level is one that is kept.
 *
 * @example
 * const logger = pino({ hooks: replayStackPino });
 */
export const replayStackPino: {
  logMethod(this: unknown, args: unknown[], method: (...args: never[]) => void, level: number): void;
} = {
  logMethod(args, method, level) {
    tell(levelOfNumber(level), () => toLine(args, bindingsOf(this)));
    Reflect.apply(method, this, args);
  },
};

/** What a child logger adds to each of its lines. */
function bindingsOf(logger: unknown): Record<string, unknown> {
  return (logger as { bindings?(): Record<string, unknown> }).bindings?.() ?? {};
}

/** Pino takes an object or an error before the message, and either may be all. */
function toLine(args: readonly unknown[], bindings: Record<string, unknown>): Line {
  const [first, ...rest] = args;
  if (typeof first !== 'object' || first === null) return { message: formatText(args), metadata: bindings };
  const { err, msg } = first as { err?: unknown; msg?: unknown };
  const error = [first, err].find((value) => value instanceof Error);
  return {
    message: formatText(rest.length > 0 ? rest : [error?.message ?? msg ?? '']),
    metadata: { ...bindings, ...(first === error ? { errorName: error.name } : first) },
  };
}

/**
 * A format of winston's that changes nothing: what is logged goes on as it is, and to the client if its level is one that
 * is kept. It stands before the format that makes a text of it all.
 *
 * @example
 * const logger = winston.createLogger({ format: format.combine(replayStackWinston, format.json()) });
 */
export const replayStackWinston: { transform<T extends object>(info: T): T } = {
  transform(info) {
    const told = info as Record<string | symbol, unknown>;
    tell(levelOfName(told[WINSTON_LEVEL] ?? told['level']), () => {
      const { level: _level, message, ...metadata } = told;
      return { message: typeof message === 'string' ? message : formatText([message]), metadata };
    });
    return info;
  },
};

function tell(level: Level, read: () => Line): void {
  const client = activeClient();
  if (client === undefined || !isLogged(level, client.options)) return;
  try {
    client.captureLog({ level, ...read() });
  } catch (error) {
    client.reportInternalError(error);
  }
}
