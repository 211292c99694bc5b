/** What a value must look like before it may enter a bundle: trimmed, one line, no credentials, no placeholder. */
import { formatDiagnostic } from '../diagnostics.ts';

export type Env = Record<string, string | undefined>;

export type Warn = (message: string) => void;

// C0, DEL, C1 and the two line separators of Unicode: none belongs in a name, a version or a hash.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/;

/** The user part of a URL. Stops at the path, so that an `@` further on (`/pkg@1.0`) is left alone. */
const CREDENTIALS = /:\/\/[^\s/?#]*@/g;

/** A reference that nobody expanded, as shells, Azure Pipelines, GitHub and cmd.exe write them. */
const REFERENCE = /^(?:\$\w+|\$\{.*\}|\$\(.*\)|%\w+%)$/;

/**
 * A value that may be shown to whoever reads the bundle, or `undefined` where there is none to use. Control characters
 * make it unusable, which is reported, since somebody meant to set it.
 *
 * @param source Where the value stands, for the warning: `release.appVersion`, `APP_VERSION`, `package.json`.
 */
export function toValue(raw: unknown, source: string, warn: Warn): string | undefined {
  if (typeof raw !== 'string') return undefined;
  const value = raw.trim();
  if (value === '') return undefined;
  if (CONTROL.test(value)) {
    warn(formatDiagnostic('RS1104', { source }));
    return undefined;
  }
  return value.replaceAll(CREDENTIALS, '://');
}

/** The value of the first of these variables that has one. A placeholder is none. */
export function fromVariables(env: Env, names: readonly string[], warn: Warn): string | undefined {
  for (const name of names) {
    const value = toValue(env[name], name, warn);
    if (value !== undefined && !isPlaceholder(name, value)) return value;
  }
  return undefined;
}

/**
 * Whether a variable holds something that only stands for a value: its own name, a reference that was never expanded, or
 * the text that `process.env.NAME = undefined` leaves behind.
 */
function isPlaceholder(name: string, value: string): boolean {
  return value === name || value === 'undefined' || value === 'null' || REFERENCE.test(value);
}
