/** How a text is read by a parser that is not ours. */
import type { ParseResult, ParserOptions } from 'oxc-parser';
import { parseSync } from 'oxc-parser';

export interface Reading {
  options: ParserOptions;
  /** Its syntax tree is made when it is asked for. */
  result: ParseResult;
}

/**
 * With the first settings under which it has no errors; undefined if there are none: what it is written in is no JavaScript or
 * TypeScript, to this parser at least.
 */
export function read(code: string, file: string): Reading | undefined {
  for (const options of settings(file)) {
    const reading = readAs(code, file, options);
    if (reading.result.errors.length === 0) return reading;
  }
  return undefined;
}

export function readAs(code: string, file: string, options: ParserOptions): Reading {
  return { options, result: parseSync(file, code, options) };
}

/** Strict ones first, which tell of names that are declared twice, too. */
function* settings(file: string): Generator<ParserOptions> {
  const lang = /\.[cm]?ts$/.test(file) ? 'ts' : file.endsWith('.tsx') ? 'tsx' : 'jsx';
  const sourceTypes = /\.m[jt]s$/.test(file) ? (['module'] as const) : (['unambiguous', 'commonjs'] as const);
  for (const showSemanticErrors of [true, false]) {
    for (const sourceType of sourceTypes) yield { lang, sourceType, showSemanticErrors };
  }
}

/** Whether the file is JavaScript without more to it, which needs no parser but the engine. */
export function isPlain(file: string): boolean {
  return /\.[cm]?js$/.test(file);
}
