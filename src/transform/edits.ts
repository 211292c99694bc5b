/** Edits as plain data: text around a span of the source. Nothing is ever taken away, and no newline is ever put in. */

/** Text before `start` and after `end`. */
export interface Edit {
  start: number;
  end: number;
  open: string;
  close: string;
}

/** Text that goes before the character at a position of the source. */
export type Insertion = readonly [position: number, text: string];

/**
 * What edits that nest or lie apart come to, in source order and one for each position. Where several meet, the outer one
 * opens first and closes last; an edit that surrounds nothing stands before what opens there.
 */
export function toInsertions(edits: readonly Edit[]): Insertion[] {
  const outermostFirst = [...edits].sort(
    (a, b) => a.start - b.start || Number(b.start === b.end) - Number(a.start === a.end) || b.end - a.end,
  );
  const places = new Map<number, Place>();
  const at = (position: number): Place => {
    let place = places.get(position);
    if (place === undefined)
      places.set(position, (place = { closing: '', before: '', after: '', opening: '' }));
    return place;
  };
  for (const { start, end, open, close } of outermostFirst) {
    const [first, last] = start === end ? (['before', 'after'] as const) : (['opening', 'closing'] as const);
    if (open !== '') at(start)[first] += open;
    if (close !== '') at(end)[last] = close + at(end)[last];
  }
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([position, { closing, before, after, opening }]) => [position, closing + before + after + opening]);
}

/** What comes to one position: the ends of what is before it, both ends of what is empty, and the beginnings of what follows. */
interface Place {
  closing: string;
  before: string;
  after: string;
  opening: string;
}
