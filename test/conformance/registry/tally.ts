/** What is counted, and how the counts of several processes add up. */

/** Paths of a few examples beside the number. */
interface Count {
  number: number;
  examples: string[];
}

export type Counts = Record<string, Count>;

export interface Failure {
  check: string;
  path: string;
  finding: string;
}

export interface Timed {
  path: string;
  characters: number;
  milliseconds: number;
}

export interface Tally {
  files: number;
  characters: number;
  /** In the transform, as a build calls it. */
  milliseconds: number;
  /** Files whose text was seen before. */
  repeated: number;
  /** Files that come out another. */
  rewritten: number;
  /** By kind. */
  targets: Counts;
  /** Of them, those in generated or minified code, which a build leaves alone. */
  generated: number;
  /** Functions that were rewritten whether or not a build would. */
  functions: number;
  /** Functions that were left alone, by reason. */
  skipped: Counts;
  /** Files that were left alone, by reason. */
  leftAlone: Counts;
  /** Files that cannot be parsed, by the parser's message. */
  unread: Counts;
  /** Outputs that no parser but ours could judge. */
  unjudged: Counts;
  slowest: Timed[];
  failures: Failure[];
}

const EXAMPLES = 5;

export function createTally(): Tally {
  return {
    files: 0,
    characters: 0,
    milliseconds: 0,
    repeated: 0,
    rewritten: 0,
    targets: {},
    generated: 0,
    functions: 0,
    skipped: {},
    leftAlone: {},
    unread: {},
    unjudged: {},
    slowest: [],
    failures: [],
  };
}

export function count(counts: Counts, key: string, path: string): void {
  const entry = (counts[key] ??= { number: 0, examples: [] });
  entry.number++;
  if (entry.examples.length < EXAMPLES && !entry.examples.includes(path)) entry.examples.push(path);
}

/** Adds what another has counted. */
export function add(tally: Tally, other: Tally): void {
  for (const key of [
    'files',
    'characters',
    'milliseconds',
    'repeated',
    'rewritten',
    'generated',
    'functions',
  ] as const) {
    tally[key] += other[key];
  }
  for (const key of ['targets', 'skipped', 'leftAlone', 'unread', 'unjudged'] as const) {
    for (const [name, { number, examples }] of Object.entries(other[key])) {
      const entry = (tally[key][name] ??= { number: 0, examples: [] });
      entry.number += number;
      entry.examples = [...entry.examples, ...examples].slice(0, EXAMPLES);
    }
  }
  tally.failures.push(...other.failures);
  tally.slowest = [...tally.slowest, ...other.slowest]
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, 10);
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, { number }) => sum + number, 0);
}
