/**
 * Whether a module is worth parsing. Most are not, and these tests on the text alone keep them cheap; bundlers that filter
 * natively run the first of them without calling us at all. They may let a module through in vain, never the other way.
 */
import type { Convention } from './conventions/types.ts';
import type { Recogniser } from './frameworks/types.ts';

/**
 * What may stand between a dot and a name. There is one way alone to read it: a row of slashes that could be taken for one comment
 * or for several would be tried in all ways, which takes forever.
 */
const GAP = String.raw`(?:\s|\/\/.*[\n\r\u2028\u2029]|\/\*[^*]*\*+(?:[^*/][^*]*\*+)*\/)*`;

const ASYNC = /\basync\b/;
const EXPORT = /\bexports?\b/;
const PRAGMA = /@replaystack-/;
const ESCAPE = /\\[ux]/;

/** Identifiers, and more: all that is neither ASCII punctuation nor white space. */
const NAMES = /[^\s\0-#%-/:-@[-^`{-\x7f]+/g;

/** Above this a module is generated or bundled code, which nobody wants to see observed. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LINE_AVERAGE = 500;

/** How many names are remembered, whatever is built. */
const MAX_NAMES = 50_000;

/** What tells from the text of a module whether it can hold anything for us. */
export interface Prefilter {
  /** The hook filter: a text that matches none of these holds neither a target nor a pragma. */
  patterns: (string | RegExp)[];
  /** Whether it can hold a target of any kind. */
  mayHoldTargets(code: string, file: string): boolean;
  /** Whether it can make an app, or register handlers. */
  mayRegister(code: string): boolean;
}

export function createPrefilter(
  recognisers: readonly Recogniser[],
  conventions: readonly Convention[] = [],
): Prefilter {
  const call = registrations(recognisers);
  const names = recognisers.flatMap(({ packages }) => packages);
  const packages = names.flatMap((name) => [`'${name}'`, `"${name}"`]);
  // To look for each by itself takes three times as long.
  const anyPackage =
    names.length === 0 ? /(?!)/ : new RegExp(`['"](?:${names.map(literally).join('|')})['"]`);
  /** Modules of one project share most of their names. */
  const receivers = new Map<string, boolean>();

  function isReceiver(name: string): boolean {
    let known = receivers.get(name);
    if (known === undefined) {
      known = recognisers.some((recogniser) => matches(recogniser.receivers, name));
      if (receivers.size >= MAX_NAMES) receivers.clear();
      receivers.set(name, known);
    }
    return known;
  }

  /** Where no package is imported, nothing but its name makes an app of something. */
  const namesReceiver = (code: string): boolean =>
    ESCAPE.test(code) || (code.match(NAMES)?.some(isReceiver) ?? false);

  function mayRegister(code: string): boolean {
    if (recognisers.length === 0) return false;
    return anyPackage.test(code) || (call.test(code) && namesReceiver(code));
  }

  return {
    patterns: [
      ASYNC,
      PRAGMA,
      ...(recognisers.length > 0 ? [call] : []),
      ...packages,
      ...conventions.map(({ hint }) => hint),
    ],
    mayHoldTargets: (code, file) =>
      PRAGMA.test(code) ||
      (ASYNC.test(code) && EXPORT.test(code)) ||
      mayRegister(code) ||
      conventions.some(
        ({ entries, calls, hint }) =>
          (calls !== undefined || entries.some(({ route }) => route(file) !== undefined)) && hint.test(code),
      ),
    mayRegister,
  };
}

/** A call of a method that registers handlers: `.get(`, `.get<Parameters>(`. */
function registrations(recognisers: readonly Recogniser[]): RegExp {
  const methods = new Set(
    recognisers.flatMap(({ methods, object }) => (object ? [...methods, object.method] : methods)),
  );
  if (methods.size === 0) return /(?!)/;
  return new RegExp(String.raw`\.${GAP}(?:${[...methods].map(literally).join('|')})\s*[<(/]`);
}

/** As part of an expression. */
function literally(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

/** The user's own may be sticky or global, and remember where they were. */
function matches(pattern: RegExp, name: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(name);
}

/** Whether a module looks like the output of a bundler or a minifier. */
export function isGenerated(code: string): boolean {
  if (code.length > MAX_CHARACTERS) return true;
  if (code.length < 5_000) return false;
  let lines = 1;
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines++;
  return code.length / lines > MAX_LINE_AVERAGE;
}
