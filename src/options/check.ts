/** Finds everything that is wrong with the plugin's options: names that do not exist, and values of the wrong kind. */
import { formatDiagnostic } from '../diagnostics.ts';
import { nearest } from '../nearest.ts';
import { elsewhere } from './elsewhere.ts';

/** Names that `routes` and `jobs` may list. */
export interface KnownNames {
  routes: readonly string[];
  jobs: readonly string[];
}

/** What a value must be, and how to say so: "It takes `…`." */
interface Kind {
  takes: string;
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isPattern = (value: unknown): boolean => isText(value) || value instanceof RegExp;
const isListOf = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every((item) => accepts(item));

const BOOLEAN: Kind = { takes: 'true or false', accepts: isBoolean };
const PATTERN: Kind = {
  takes: 'a glob pattern, a regular expression, or an array of them',
  accepts: (value) => isPattern(value) || isListOf(value, isPattern),
};
const NAMES: Kind = {
  takes: 'true, false, or an array of names',
  accepts: (value) => isBoolean(value) || isListOf(value, isText),
};

const FUNCTIONS: Record<string, Kind> = {
  methods: BOOLEAN,
  captureErrors: BOOLEAN,
  captureArguments: BOOLEAN,
};

/** A release value may be empty, as `process.env.COMMIT ?? ''` is: the next source is asked then. */
const RELEASE_VALUE: Kind = { takes: 'a string', accepts: (value) => typeof value === 'string' };

const RELEASE: Record<string, Kind> = {
  commitHash: RELEASE_VALUE,
  appVersion: RELEASE_VALUE,
  serviceName: RELEASE_VALUE,
  environment: RELEASE_VALUE,
};

const OPTIONS: Record<string, Kind> = {
  enabled: BOOLEAN,
  include: PATTERN,
  exclude: PATTERN,
  client: BOOLEAN,
  routes: NAMES,
  jobs: NAMES,
  functions: {
    takes: `true, false, or an object with ${list(Object.keys(FUNCTIONS))}`,
    accepts: (value) => isBoolean(value) || isRecord(value),
  },
  recognisers: {
    takes: 'an array of recognisers, which are objects with a `name`',
    accepts: (value) => isListOf(value, (item) => isRecord(item) && isText(item.name)),
  },
  release: { takes: `an object with ${list(Object.keys(RELEASE))}`, accepts: isRecord },
  runtime: { takes: 'the path of a module', accepts: isText },
  guards: BOOLEAN,
  sourcemap: {
    takes: "true, false, 'hidden' or 'inline'",
    accepts: (value) => isBoolean(value) || value === 'inline' || value === 'hidden',
  },
  report: { takes: 'the path of a file', accepts: isText },
  summary: BOOLEAN,
  cache: {
    takes: 'true, false, or the path of a directory',
    accepts: (value) => isBoolean(value) || isText(value),
  },
};

/** One coded line for each problem; none when the options can be used. `undefined` is an option that was left out. */
export function checkOptions(input: unknown, names: KnownNames): string[] {
  if (input === undefined) return [];
  if (!isRecord(input)) return [wrongKind('replaystack()', input, 'an object')];

  const problems = checkRecord(input, OPTIONS, '');
  if (isRecord(input.functions)) problems.push(...checkRecord(input.functions, FUNCTIONS, 'functions.'));
  if (isRecord(input.release)) problems.push(...checkRecord(input.release, RELEASE, 'release.'));

  const own = OPTIONS.recognisers?.accepts(input.recognisers)
    ? (input.recognisers as { name: string }[]).map(({ name }) => name)
    : [];
  for (const option of ['routes', 'jobs'] as const) {
    const chosen = input[option];
    if (Array.isArray(chosen) && NAMES.accepts(chosen)) {
      problems.push(...checkNames(option, chosen as string[], [...names[option], ...own]));
    }
  }
  return problems;
}

function checkRecord(input: Record<string, unknown>, kinds: Record<string, Kind>, prefix: string): string[] {
  const problems: string[] = [];
  for (const [key, value] of Object.entries(input)) {
    const option = prefix + key;
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined)
      problems.push(elsewhere(option, key) ?? unknownOption(option, key, Object.keys(kinds), prefix));
    else if (value !== undefined && !kind.accepts(value)) problems.push(wrongKind(option, value, kind.takes));
  }
  return problems;
}

function unknownOption(option: string, key: string, known: readonly string[], prefix: string): string {
  const match = nearest(key, known);
  return match === undefined
    ? formatDiagnostic('RS1002', { option, known: list(known) })
    : formatDiagnostic('RS1001', { option, nearest: prefix + match });
}

function checkNames(option: string, chosen: readonly string[], known: readonly string[]): string[] {
  return chosen
    .filter((name) => !known.includes(name))
    .map((name) => {
      const match = nearest(name, known);
      return match === undefined
        ? formatDiagnostic('RS1005', { option, name, known: list(known) })
        : formatDiagnostic('RS1004', { option, name, nearest: match });
    });
}

function wrongKind(option: string, value: unknown, takes: string): string {
  return formatDiagnostic('RS1003', { option, got: describe(value), takes });
}

/** What was given, in a few words: enough to find it again, and no more of it than that. */
function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string') {
    if (value.trim() === '') return 'an empty string';
    return value.length > 40 ? 'a string' : `the string '${value}'`;
  }
  if (Array.isArray(value)) {
    const kinds = new Set(value.map((item) => (item === null ? 'null' : typeof item)));
    return kinds.size === 0 ? 'an empty array' : `an array of ${[...kinds].join(' and ')}`;
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
