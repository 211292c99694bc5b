/** Whether the text of a module can hold calls that recognisers of one kind know: of frameworks, or of libraries that run jobs. */
import type { Recogniser } from './frameworks/types.ts';

/** What is looked for: any of these in a text is a reason to look closer. */
export interface RegistrationFilter {
  patterns: (string | RegExp)[];
  /** Never says no to a text in which the recognisers would find something. */
  mayRegister(code: string): boolean;
}

/**
 * What may stand between a dot and a name. There is one way alone to read it: a row of slashes that could be taken for one comment
 * or for several would be tried in all ways, which takes forever.
 */
const GAP = String.raw`(?:\s|\/\/.*[\n\r\u2028\u2029]|\/\*[^*]*\*+(?:[^*/][^*]*\*+)*\/)*`;

const ESCAPE = /\\[ux]/;

/** Identifiers, and more: all that is neither ASCII punctuation nor white space. */
const NAMES = /[^\s\0-#%-/:-@[-^`{-\x7f]+/g;

/** How many names are remembered, whatever is built. */
const MAX_NAMES = 50_000;

/** @param recognisers of one kind: the names of another's apps say nothing of theirs */
export function createRegistrationFilter(recognisers: readonly Recogniser[]): RegistrationFilter {
  if (recognisers.length === 0) return { patterns: [], mayRegister: () => false };
  const call = registrations(recognisers);
  const names = recognisers.flatMap(({ packages }) => packages);
  // To look for each by itself takes three times as long.
  const anyPackage =
    names.length === 0 ? /(?!)/ : new RegExp(`['"](?:${names.map(literally).join('|')})['"]`);
  /** Modules of one project share most of their names. */
  const receivers = new Map<string, boolean>();
  /** Several ask for the same module, one after the other. */
  let last = { code: '', answer: false };

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

  return {
    patterns: [call, ...names.flatMap((name) => [`'${name}'`, `"${name}"`])],
    mayRegister(code) {
      if (last.code !== code)
        last = { code, answer: anyPackage.test(code) || (call.test(code) && namesReceiver(code)) };
      return last.answer;
    },
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
