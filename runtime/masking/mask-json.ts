/** Masks JSON as it stands, without taking it apart: most has no secret in it, and some has a few fields that are. */
import type { Masker } from './mask.ts';
import { MASKED } from './patterns.ts';

/** The last character that counts as white space in JSON. */
const SPACE = 32;

/** What ends a value that is no text. */
const SCALAR_END = /[\s,}\]]|$/g;

/** What counts while looking for the end of an object or array. */
const STRUCTURE = /["{}[\]]/g;

/**
 * The same JSON with the values of secret fields masked.
 *
 * @param json well-formed
 * @returns undefined if there is something suspicious in it beside names of fields, so that it is better taken apart
 */
export function maskJson(json: string, masker: Masker): string | undefined {
  const { names, forms } = masker.suspicion;
  let out = '';
  let done = 0;
  names.lastIndex = 0;
  for (let match = names.exec(json); match !== null; match = names.exec(json)) {
    const { index } = match;
    const name = match[0] === ':' ? fieldBefore(json, index) : undefined;
    if (name === undefined) return undefined;
    if (!masker.isSecret(name)) continue;
    let start = index + 1;
    while (json.charCodeAt(start) <= SPACE) start++;
    out += `${json.slice(done, start)}"${MASKED}"`;
    names.lastIndex = done = endOfValue(json, start);
  }
  const masked = done === 0 ? json : out + json.slice(done);
  return forms.test(masked) ? undefined : masked;
}

/** The name of a field, if that is what ends before this colon; not if it has escapes. */
function fieldBefore(json: string, colon: number): string | undefined {
  if (json[colon - 1] !== '"') return undefined;
  const open = json.lastIndexOf('"', colon - 2);
  const name = json.slice(open + 1, colon - 1);
  // Within a text, the quote would be escaped.
  return name.includes('\\') || json[open - 1] === '\\' ? undefined : name;
}

function endOfValue(json: string, start: number): number {
  const first = json[start];
  if (first === '"') return endOfText(json, start);
  if (first !== '{' && first !== '[') {
    SCALAR_END.lastIndex = start;
    return SCALAR_END.exec(json)?.index ?? json.length;
  }
  let depth = 0;
  STRUCTURE.lastIndex = start;
  for (let match = STRUCTURE.exec(json); match !== null; match = STRUCTURE.exec(json)) {
    const [found] = match;
    if (found === '"') STRUCTURE.lastIndex = endOfText(json, match.index);
    else if (found === '{' || found === '[') depth++;
    else if (--depth === 0) return STRUCTURE.lastIndex;
  }
  return json.length;
}

/** Behind the quote that ends the text which begins here. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let slash = quote;
    while (json[slash - 1] === '\\') slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
  return json.length;
}
