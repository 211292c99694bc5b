/** Remembers the JSON of texts that come again and again: words of ours, methods, what browsers send in their headers. */

/** Longer ones are not worth it. */
export const MAX_WORD = 200;

/**
 * A memory that gives itself up when most of what it is shown never comes again: to remember, say, the ids of requests
 * costs more than it saves, and what is remembered for a moment grows old.
 *
 * @param write the JSON of a text; undefined if it is not to be remembered
 * @param most how many texts are remembered; when there are more, all are forgotten
 * @returns the JSON of a text; undefined if it is too long, or not to be remembered
 */
export function createMemo(
  write: (text: string) => string | undefined,
  most: number,
): (text: string) => string | undefined {
  let known: Map<string, string> | undefined = new Map<string, string>();
  let hits = 0;
  return (text) => {
    if (text.length > MAX_WORD) return undefined;
    const remembered = known?.get(text);
    if (remembered !== undefined) {
      hits++;
      return remembered;
    }
    const json = write(text);
    if (known === undefined || json === undefined) return json;
    if (known.size >= most) {
      if (hits < most) known = undefined;
      else known.clear();
      hits = 0;
    }
    known?.set(text, json);
    return json;
  };
}
