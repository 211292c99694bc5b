/** Bodies as they arrive: text or bytes, made into a value whose fields can be masked. */

/** What goes in place of a body that is no text. */
const BINARY = { captured: false, reason: 'Binary body not captured' };

const TEXT = /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|graphql|yaml|ndjson)\b)/i;
const FORM = /^application\/x-www-form-urlencoded\b/i;

/**
 * Decodes a body: JSON to its value, a form to an object, other text to a string. JSON that does not parse stays a string.
 * Anything else becomes `{ captured: false, reason: 'Binary body not captured' }`.
 *
 * @param contentType the header's value; without one, text that is well-formed JSON counts as JSON
 * @param parse false: JSON is left as text
 */
export function decodeBody(body: string | Uint8Array, contentType?: string, parse = true): unknown {
  const form = contentType !== undefined && FORM.test(contentType);
  if (contentType && !form && !TEXT.test(contentType)) return BINARY;
  const text = typeof body === 'string' ? body : decodeText(body, contentType);
  if (text === undefined) return BINARY;
  if (form) return parseForm(text);
  if (!parse) return text;
  if (!contentType) return /^\s*[[{]/.test(text) ? parseJson(text) : text;
  return /json/i.test(contentType) ? parseJson(text) : text;
}

/** The value of JSON, or the text itself if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decodeText(bytes: Uint8Array, contentType = ''): string | undefined {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A repeated field becomes a list. */
function parseForm(text: string): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of new URLSearchParams(text)) {
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[name] = [known, value];
  }
  return fields;
}
