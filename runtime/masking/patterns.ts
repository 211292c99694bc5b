/**
 * Finds what looks like a credential in free text: a name with a value beside it, `Bearer` and `Basic` credentials, JSON
 * web tokens, card numbers, private keys, and passwords in URLs. Every repetition below is bounded, or starts where the one
 * before it ended, so the time is linear in the length of any text.
 */

/** What goes in place of a secret. */
export const MASKED = '[MASKED]';

/** A name and what separates it from its value, as in `a=1`, `a: 1`, `u[a]=1`, `u%5Ba%5D=1`, `<a>1`, `"a b": 1` and `\"a\": 1`. */
const NAME =
  /(?<![\w-])(?:[\w-]{1,64}%5b)?([a-z][\w-]{0,63})(?:\]|%5d)?\\*["']?\s{0,2}[=:>]|["']([^"'\\\n]{1,64})\\*["']\s{0,2}[=:]/gi;

const ANY: RegExp = /* @__PURE__ */ new RegExp(
  [
    NAME,
    /\b(?:bearer|basic)\s{1,4}([\w.~+/=-]+)/,
    /:\/\/[^\s/?#:]{0,128}:([^\s"']{1,256})/,
    /((?<![\w+-]|\d\.)(?:\d{13,19}|\d{4}(?<gap>[ -])(?:\d{4}\k<gap>\d{4}\k<gap>\d{1,7}|\d{6}\k<gap>\d{5}))(?![\w-]))/,
    /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{2,}[\w.-]*/,
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

// Values beside a name. A quoted one ends at its quote, with as many backslashes; of JSON that does not parse the end
// cannot be told; a header's value is all of its line.
const VALUE =
  /(?!\s{0,20}\[MASKED)(\s{0,20}(?=\\*["'`])|\s{0,2})(?:(\\*["'`])[^]*?(?=(?<!\\)\2|$)|[[{][^]*|[^\s&;"'<>]+)/y;
const HEADER =
  /(?!\s{0,20}\[MASKED)(\s{0,20}(?=\\*["'`])|\s{0,2})(?:(\\*["'`])[^]*?(?=(?<!\\)\2|$)|[^\n"'<]+)/y;
const ELEMENT = /()()[^<>]+(?=<\/)/y;

/** Words that follow "bearer" where people speak of it. */
const PROSE =
  /^(?:(?:access.)?tokens?|auth\w*|schemes?|realm|headers?|formats?|credentials?|is|are|was|or|and|of|in|not|missing|required|invalid|expired)[.=-]*$/i;

/** Visa, Mastercard, American Express, Diners Club, JCB, and those of Discover, UnionPay and Maestro. */
const CARD =
  /^(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|(?:5[06-8]|6\d)\d{11,17})$/;

/**
 * @param end where to stop, in characters; what begins before it is masked to its own end
 * @param isSecret whether a name is that of a secret
 * @param credentials false: only values beside a name are masked
 */
export function maskText(
  text: string,
  end: number,
  isSecret: (name: string) => boolean,
  credentials: boolean,
): string {
  let out = '';
  let done = 0;
  const finder = credentials ? ANY : NAME;
  finder.lastIndex = 0;
  for (let match = finder.exec(text); match && match.index < end; match = finder.exec(text)) {
    const { index } = match;
    const [found, bare, quoted] = match;
    const name = bare ?? quoted;
    const after = index + found.length;
    let extent: [from: number, to: number] | undefined;
    if (name === undefined) extent = credentialExtent(match, after);
    else if (isSecretPair(name, isSecret)) extent = valueExtent(text, after, name);
    if (extent !== undefined) {
      out += text.slice(done, extent[0]) + MASKED;
      done = extent[1];
    }
    // If it was none, what follows may begin inside of it: behind the name, the scheme or the first digits.
    finder.lastIndex = Math.max(extent?.[1] ?? 0, index + (extent ? 1 : (name?.length ?? 4)));
  }
  return done === 0 ? text.slice(0, end) : out + text.slice(done, end);
}

/** In text, `DB_PASSWORD`, `userPassword` and `SESSION_TOKEN` are secret for their last words. */
function isSecretPair(name: string, isSecret: (name: string) => boolean): boolean {
  return isSecret(name) || lastWords(name).some(isSecret);
}

/** `ApiKey` and `Key` of `Stripe-Api-Key`, and the like where words begin with capitals; no more than three words each. */
export function lastWords(name: string): string[] {
  if (!/[-_ ]|[a-z\d][A-Z]/.test(name)) return [];
  const words = name.split(/[-_ ]+|(?<=[a-z\d])(?=[A-Z])/);
  return [-3, -2, -1].filter((from) => words.length > -from).map((from) => words.slice(from).join(''));
}

function valueExtent(text: string, after: number, name: string): [number, number] | undefined {
  const separator = text[after - 1];
  // `token === value` compares.
  if (separator === '=' && text[after] === '=') return undefined;
  const header = /authori[sz]ation|cookie/i.test(name);
  const pattern = separator === '>' ? ELEMENT : header ? HEADER : VALUE;
  pattern.lastIndex = after;
  const [found, spaces = '', quote = ''] = pattern.exec(text) ?? [];
  if (found === undefined) return undefined;
  // `password: must be given` is prose.
  if (pattern === VALUE && separator === ':' && /^\s+[a-z]+[.,!?]?$/i.test(found)) return undefined;
  return [after + spaces.length + quote.length, pattern.lastIndex];
}

function credentialExtent(match: RegExpExecArray, to: number): [number, number] | undefined {
  const { index, input } = match;
  const [found, , , token, login, card] = match;
  if (found.startsWith('-')) {
    const end = input.indexOf('-----END', to);
    return [index, end < 0 ? input.length : end];
  }
  if (token !== undefined) {
    return isProse(found, token) ? undefined : [to - token.length, to];
  }
  if (login !== undefined) {
    // In an address of the web the password ends before the path; in others it may be anything but a port.
    const web = /https?$/i.test(input.slice(Math.max(0, index - 5), index)) || /^\d{1,5}[/?#]/.test(login);
    const at = (web ? login.replace(/[/?#].*/, '') : login).lastIndexOf('@');
    return at > 0 ? [to - login.length, to - login.length + at] : undefined;
  }
  return card === undefined || isCardNumber(card) ? [index, to] : undefined;
}

/** "Basic authentication" and "bearer token" are prose, and "Basic dXNlcjpwYXNz" is not. */
function isProse(found: string, token: string): boolean {
  if (/^bearer/i.test(found)) return PROSE.test(token);
  const word = token.replace(/\.$/, '');
  // That much of base64 does not exist, and atob would take its time to say so.
  return /^[a-z]+$/i.test(word) && (word.length % 4 === 1 || !atob(word).includes(':'));
}

/** By length, first digits and check digit (Luhn). */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (!CARD.test(digits)) return false;
  let sum = 0;
  let factor = 1;
  for (const digit of [...digits].reverse()) {
    const product = Number(digit) * factor;
    sum += product > 9 ? product - 9 : product;
    factor = 3 - factor;
  }
  return sum % 10 === 0;
}
