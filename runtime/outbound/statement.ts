/** SQL without its values: some drivers tell a statement with them filled in, and applications write them into it. */

/** Longer statements are shown in part. */
const MAX_LENGTH = 2000;

/** Comments, texts, and what is no text although it may have an apostrophe in it. */
const PARTS = [
  '--[^\\n]*',
  '/\\*[^]*?(?:\\*/|$)',
  // Whether a backslash escapes a quote depends on the database: with one, the end of a text cannot be told.
  "'(?:[^'\\\\]|'')*(?:'|\\\\[^]*|$)",
  '"(?:[^"\\\\]|"")*(?:"|\\\\[^]*|$)',
  '`[^`]*`?',
  '\\$((?:[a-z_]\\w*)?)\\$[^]*?(?:\\$\\1\\$|$)',
  // Not `$1`, `:1` and `?1`, which stand for values themselves.
  '(?<![\\w$@:?])\\d[\\w.]*',
];
const STANDARD: RegExp = /* @__PURE__ */ new RegExp(PARTS.join('|'), 'gi');
const MYSQL: RegExp = /* @__PURE__ */ new RegExp(['#[^\\n]*', ...PARTS].join('|'), 'gi');

/**
 * A statement with `?` in place of all values, on one line.
 *
 * @param mysql whether texts may stand in double quotes, and `#` begins a comment
 */
export function toStatement(sql: string, mysql: boolean): string {
  return sql
    .slice(0, MAX_LENGTH)
    .replace(mysql ? MYSQL : STANDARD, (part) => {
      if (/^(?:--|\/\*|#)/.test(part)) return ' ';
      const isName = part.startsWith('`') || (part.startsWith('"') && !mysql && !part.includes('\\'));
      return isName ? part : '?';
    })
    .replace(/\s+/g, ' ')
    .trim();
}
