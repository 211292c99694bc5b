/**
 * One linear look at a text, plain or JSON, tells of most that nothing in it is to be masked. It may suspect too much, which
 * costs time, but never too little: whatever maskText would find is found here.
 *
 * Every alternative begins with a character that is rare in texts, for which engines skip ahead; what makes it suspicious is
 * looked up around it.
 */

/** What may stand between the letters of a name, of which it is none. In a URL a space may be a plus. */
const GAPS = '[-_ +]*';

/** What may stand between a name and what separates it from its value; in JSON, quotes are escaped. */
const BEHIND_NAME = '[-_ +[\\].\\\\"\'\\s]*';

/** Two expressions, as engines skip ahead for a few first characters only. */
export interface Suspicion {
  /** Names with values, and what names can hide behind. Global, to be gone on with from place to place. */
  readonly names: RegExp;
  /** What is a credential by its form. */
  readonly forms: RegExp;
}

/** @param names secret ones, as they are compared: in lower case, without gaps */
export function createSuspicion(names: Iterable<string>): Suspicion {
  const stems: string[] = [];
  const others: string[] = [];
  const all = [...names];
  for (const name of all) {
    // The end of a name is what is looked for: `token` finds `accesstoken`.
    if (all.some((other) => other !== '' && other !== name && name.endsWith(other))) continue;
    // Such a name looks otherwise in JSON, or has more forms than a pattern can tell: any text may have it.
    if (/^$|["\\\p{Cc}]/u.test(name)) others.push('');
    else if (/[^ -~]/.test(name)) others.push('[^\\0-\\x7f]');
    else stems.push(toStem(name));
  }
  const secret = [...new Set(stems)].join('|');
  const ends = [...new Set(stems.map((stem) => stem.slice(-1)))].join('');
  // The last letter first: it rules most names out.
  const behind = `(?:${secret})(?<=[${ends.replace(/[\]\\^-]/g, '\\$&')}])`;
  return {
    names: new RegExp(
      [
        `[=:>](?<=${behind}${BEHIND_NAME}.)`,
        // The sign of Kelvin is a `k` in lower case.
        '\\u212a',
        // A password in an address.
        '/(?<=:/.)(?=[^\\s/?#:]*:)',
        '-(?=----BEGIN)',
        // What is encoded can hide all of this, and in JSON white space is.
        '%',
        '\\\\(?=[u/]|[nrtf][\\s\\\\"\'nrtf]*[=:>])',
        ...others,
      ].join('|'),
      'gi',
    ),
    forms: new RegExp(
      [
        'b(?=(?:earer|asic)(?:[\\s+]|\\\\[nrtfu]))',
        // Digits that may be those of a card.
        '[2-6](?=\\d{3}(?:[ +-]?\\d){9})',
        // The beginning of a JSON web token, `eyJ`.
        'j(?<=ey.)',
        // Parts of names, as in `user[password]` and `password.old`.
        `[.[\\]](?<=${behind}${GAPS}.)`,
      ].join('|'),
      'i',
    ),
  };
}

/** Whether there is anything in a text, or in JSON, that may have to be masked. */
export function isSuspicious(text: string, { names, forms }: Suspicion): boolean {
  names.lastIndex = 0;
  return names.test(text) || forms.test(text);
}

function toStem(name: string): string {
  return Array.from(name, (letter) => letter.replace(/[^a-z\d]/, '\\$&')).join(GAPS);
}
