/** Which names are secret, and how a text or URL is written without what belongs to them. */
import { lastWords, MASKED, maskText } from './patterns.ts';
import type { Suspicion } from './suspicion.ts';
import { createSuspicion, isSuspicious } from './suspicion.ts';

/** Names are compared in lower case, without `-`, `_` and spaces. */
const DEFAULT_FIELDS =
  'authorization proxyauthorization password passwd pwd token accesstoken refreshtoken idtoken apikey secret clientsecret ' +
  'cookie setcookie session cardnumber cvv cvc otp privatekey xapikey xauthtoken xaccesstoken xtoken authentication';

/** The default names that say what they are with words before them, too: `userPassword`, `STRIPE_API_KEY`. */
const QUALIFIED =
  /^(?:password|passwd|pwd|secret|apikey|privatekey|cardnumber|accesstoken|refreshtoken|idtoken|authtoken)$/i;

/** Names seen are remembered up to this many, since an object's keys may be data. */
const MAX_REMEMBERED = 2000;

/** A parameter of a URL: what stands before it, its name and its value. */
const PARAMETER = /([?&;#])([^=?&;#]*)=([^&;#]*)/g;

/** Characters behind the end of a text that may belong to a secret before it. */
const BEYOND_END = 4096;

/** How deep URLs are looked for in parameters of URLs. */
const MAX_URL_DEPTH = 3;

const ENCODED_MASK: string = /* @__PURE__ */ encodeURIComponent(MASKED);

export interface Masker {
  readonly suspicion: Suspicion;
  /** Whether what stands under this name is secret. `user[password]` and `user.password` are, if `password` is. */
  isSecret(name: string): boolean;
  /**
   * Masks what looks like a credential inside a text.
   *
   * @param end where to stop, in characters of the text; what begins before is masked to its own end
   * @param isBody the text is a body that could not be taken apart: names in it count even where patterns are off
   */
  text(text: string, end?: number, isBody?: boolean): string;
  /** Masks parameters of query and fragment, those of URLs within them, and what {@link text} masks. */
  url(url: string): string;
}

/**
 * @param fields names to mask beside the default ones
 * @param patterns whether texts are searched for what looks like a credential
 */
export function createMasker(fields: readonly string[], patterns: boolean): Masker {
  const secret = new Set([...DEFAULT_FIELDS.split(' '), ...fields.map(normalise)]);
  const suspicion = createSuspicion(secret);
  const remembered = new Map<string, boolean>();

  function decide(name: string): boolean {
    const plain = normalise(name);
    if (secret.has(plain)) return true;
    if (/[[.]/.test(name)) return name.split(/[[\].]+/).some((part) => part !== '' && decide(part));
    return lastWords(name).some((words) => QUALIFIED.test(words));
  }
  function isSecret(name: string): boolean {
    let known = remembered.get(name);
    if (known === undefined) {
      known = decide(name);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      if (name.length <= 100) remembered.set(name, known);
    }
    return known;
  }
  function text(text: string, end = text.length, isBody = false): string {
    // What is secret before the end can be told from not much more than what stands before it.
    const seen = text.length > end + BEYOND_END ? text.slice(0, end + BEYOND_END) : text;
    if ((!patterns && !isBody) || !isSuspicious(seen, suspicion)) return text.slice(0, end);
    return maskText(seen, end, isSecret, patterns);
  }
  function url(url: string, depth = 0): string {
    if (!isSuspicious(url, suspicion)) return url;
    return text(
      url.replace(PARAMETER, (_, before: string, name: string, value: string) => {
        return `${before}${name}=${isSecret(decode(name)) ? MASKED : parameter(value, depth)}`;
      }),
    );
  }
  /** The value of a parameter may be a URL with parameters of its own, or JSON. */
  function parameter(value: string, depth: number): string {
    if (depth === MAX_URL_DEPTH || !/[%+?]/.test(value)) return value;
    let plain = value;
    // Encoded once for every redirect that it is to outlive.
    for (let times = 0; times < MAX_URL_DEPTH && /[%+]/.test(plain); times++) plain = decode(plain);
    const shown = /^\s*[[{]/.test(plain) ? text(plain, undefined, true) : url(plain, depth + 1);
    if (shown === plain) return value;
    return plain === value ? shown : encodeURIComponent(shown).replaceAll(ENCODED_MASK, MASKED);
  }
  return { suspicion, isSecret, text, url };
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

function decode(encoded: string): string {
  const spaced = encoded.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
