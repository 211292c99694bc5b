/**
 * Whether a module is worth parsing. Most are not, and these tests on the text alone keep them cheap; bundlers that filter
 * natively run the first of them without calling us at all. They may let a module through in vain, never the other way.
 */
import type { Recogniser } from './frameworks/types.ts';

/** What may stand between a dot and a name. */
const GAP = String.raw`(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*`;

const ASYNC = /\basync\b/;
const EXPORT = /\bexports?\b/;
const PRAGMA = /@replaystack-/;

/** Above this a module is generated or bundled code, which nobody wants to see observed. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LINE_AVERAGE = 500;

/** The hook filter for a module's text: one that matches none of these holds neither a target nor a pragma. */
export function codeFilter(recognisers: readonly Recogniser[]): (string | RegExp)[] {
  return [
    ASYNC,
    PRAGMA,
    ...(recognisers.length > 0 ? [registrations(recognisers)] : []),
    ...recognisers.flatMap(({ packages }) => packages.flatMap((name) => [`'${name}'`, `"${name}"`])),
  ];
}

/** Whether the text can hold a target of any kind. */
export function mayHoldTargets(code: string, recognisers: readonly Recogniser[]): boolean {
  if (PRAGMA.test(code)) return true;
  if (ASYNC.test(code) && EXPORT.test(code)) return true;
  return (
    recognisers.length > 0 &&
    (registrations(recognisers).test(code) || recognisers.some((recogniser) => imports(code, recogniser)))
  );
}

/** A call of a method that registers handlers: `.get(`, `.get<Parameters>(`. */
function registrations(recognisers: readonly Recogniser[]): RegExp {
  const methods = new Set(
    recognisers.flatMap(({ methods, object }) => (object ? [...methods, object.method] : methods)),
  );
  const names = [...methods].map((name) => name.replaceAll('$', String.raw`\$`)).join('|');
  return new RegExp(String.raw`\.${GAP}(?:${names})\s*[<(/]`);
}

function imports(code: string, recogniser: Recogniser): boolean {
  return recogniser.packages.some((name) => code.includes(`'${name}'`) || code.includes(`"${name}"`));
}

/** Whether a module looks like the output of a bundler or a minifier. */
export function isGenerated(code: string): boolean {
  if (code.length > MAX_CHARACTERS) return true;
  if (code.length < 5_000) return false;
  let lines = 1;
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines++;
  return code.length / lines > MAX_LINE_AVERAGE;
}
