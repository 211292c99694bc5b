/** Levels of log lines: which ones are kept, and what those of others are called here. */
import { severity } from '../options/option-readers.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import type { Level } from '../protocol.ts';

/** Whether a log line of this level is kept. */
export function isLogged(level: Level, { captureLogs, logLevel }: ResolvedOptions): boolean {
  return captureLogs && severity(level) >= severity(logLevel);
}

/** What a level of winston or syslog is called here. */
export function levelOfName(name: unknown): Level {
  const text = String(name);
  if (/^(?:emerg|alert|crit|fatal|err)/i.test(text)) return 'error';
  if (/^warn/i.test(text)) return 'warning';
  return /^(?:info|notice|http)/i.test(text) ? 'info' : 'debug';
}

/** What a level of pino is called here; those of an application's own lie between pino's. */
export function levelOfNumber(level: number): Level {
  return level >= 50 ? 'error' : level >= 40 ? 'warning' : level >= 30 ? 'info' : 'debug';
}
