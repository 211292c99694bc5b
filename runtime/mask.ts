/** Which names are secret, and how a text or URL is written without what belongs to them. */
import { MASKED, maskText } from './patterns.ts';

/** Names are compared in lower case, without `-`, `_` and spaces. */
const DEFAULT_FIELDS =
  'authorization proxyauthorization password passwd pwd token accesstoken refreshtoken idtoken apikey secret clientsecret ' +
  'cookie setcookie session cardnumber cvv cvc otp privatekey xapikey xauthtoken xaccesstoken xtoken authentication';

/** Names seen are remembered up to this many, since an object's keys may be data. */
const MAX_REMEMBERED = 2000;

export interface Masker {
  /** Whether what stands under this name is secret. `user[password]` and `user.password` are, if `password` is. */
  isSecret(name: string): boolean;
  /**
   * Masks what looks like a credential inside a text.
   *
   * @param end where to stop, in characters of the text; what begins before is masked to its own end
   * @param isBody the text is a body that could not be taken apart: names in it count even where patterns are off
   */
  text(text: string, end?: number, isBody?: boolean): string;
  /** Masks query parameters, parameters in the fragment, and what {@link text} masks. */
  url(url: string): string;
}

/**
 * @param fields names to mask beside the default ones
 * @param patterns whether texts are searched for what looks like a credential
 */
export function createMasker(fields: readonly string[], patterns: boolean): Masker {
  const secret = new Set([...DEFAULT_FIELDS.split(' '), ...fields.map(normalise)]);
  const remembered = new Map<string, boolean>();

  function decide(name: string): boolean {
    const plain = normalise(name);
    return (
      secret.has(plain) || (/[[.]/.test(plain) && plain.split(/[[\].]+/).some((part) => secret.has(part)))
    );
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
    return patterns || isBody ? maskText(text, end, isSecret, patterns) : text.slice(0, end);
  }
  return {
    isSecret,
    text,
    url: (url) =>
      text(
        url.replace(/([?&;#])([^=?&;#]*)=[^&;#]*/g, (pair, before: string, name: string) =>
          isSecret(decodeName(name)) ? `${before}${name}=${MASKED}` : pair,
        ),
      ),
  };
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '');
}

function decodeName(name: string): string {
  const spaced = name.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
