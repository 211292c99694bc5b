/**
 * Everything this package has to say to the developer, in one table, and how a line of it is written. `docs/diagnostics.md`
 * lists the same codes. RS10 are options, RS11 the release, RS12 source files, RS13 source maps, RS14 the bundler's
 * set-up, RS15 what we write beside the bundle.
 *
 * In the texts `{name}` stands for a value that whoever reports gives; the types below see to it that none is forgotten.
 */

/** By code: what is wrong, without a full stop, and what to do about it in one or more sentences. */
export const diagnostics = {
  RS1001: { why: 'unknown option `{option}`', fix: 'Did you mean `{nearest}`?' },
  RS1002: { why: 'unknown option `{option}`', fix: 'The options here are {known}.' },
  RS1003: { why: '`{option}` is {got}', fix: 'It takes {takes}.' },
  RS1004: { why: '`{option}` holds an unknown name, `{name}`', fix: 'Did you mean `{nearest}`?' },
  RS1005: { why: '`{option}` holds an unknown name, `{name}`', fix: 'The names are {known}.' },
  RS1006: {
    why: '`{option}` may not be an option of the plugin: it would be written into the bundle',
    fix: 'Remove it and set REPLAYSTACK_API_KEY where the application runs.',
  },
  RS1007: {
    why: '`{option}` describes the release',
    fix: 'Write it as `release.{name}`, or set {variable} where the application runs.',
  },
  RS1008: {
    why: '`{option}` is an option of the client, which runs in the application and not in the build',
    fix: 'Pass `{name}` to defineReplayStackConfig in the module that `runtime` names, or set {variable} where the application runs.',
  },
  RS1009: {
    why: '`{option}` is an option of the client, which runs in the application and not in the build',
    fix: 'Pass `{name}` to defineReplayStackConfig in the module that `runtime` names.',
  },
  RS1010: {
    why: '`runtime` is {path}, and there is no such file',
    fix: 'It takes the path of a module, with its extension, from {root} or absolute.',
  },

  RS1101: {
    why: 'events will carry no commit: neither `release.commitHash`, REPLAYSTACK_COMMIT_HASH, COMMIT_HASH or a variable of a known CI platform is set, nor is there a readable git repository at or above the project',
    fix: 'Set `release: { commitHash }` or REPLAYSTACK_COMMIT_HASH, or copy the `.git` directory into the build.',
  },
  RS1102: {
    why: 'events will carry no commit: the git repository has none yet',
    fix: 'Make a first commit, or set `release: { commitHash }` or REPLAYSTACK_COMMIT_HASH.',
  },
  RS1103: {
    why: 'events will carry no commit: the HEAD of the git repository cannot be read from its files, and a git binary is missing or cannot read it either',
    fix: 'Set `release: { commitHash }` or REPLAYSTACK_COMMIT_HASH, or see what `git rev-parse HEAD` says in the project.',
  },
  RS1104: {
    why: '{source} holds control characters and is not used',
    fix: 'Set it to a single line of text.',
  },

  RS1201: {
    why: 'the file cannot be parsed: {reason}',
    fix: 'It was left as it is. If its syntax is meant for a later plugin, leave it out with `exclude`.',
  },
  RS1202: { why: 'unknown pragma `{pragma}`', fix: 'Did you mean `{nearest}`?' },
  RS1203: { why: 'unknown pragma `{pragma}`', fix: 'The pragmas are {known}.' },
  RS1204: {
    why: 'the pragma `{pragma}` applies to nothing',
    fix: 'Put it directly before what it is meant for, or remove it.',
  },
  RS1205: {
    why: 'nothing tells whether the file is an ES module or CommonJS',
    fix: 'It was left as it is; name the file .mjs or .cjs to have it instrumented.',
  },

  RS1301: {
    why: '`sourcemap` is false, so stack frames will show positions in the bundle',
    fix: "Remove the option, or set it to 'hidden': maps are written then, and nothing in the bundle points to them.",
  },
  RS1302: {
    why: 'the devtool `{devtool}` makes maps without columns, so stack frames will show lines only',
    fix: 'Use `{better}`.',
  },

  RS1401: {
    why: 'esbuild builds for the browser, which is its default, so nothing was instrumented',
    fix: "Set `platform: 'node'` for a server, or the plugin's option `client: true` to instrument browser code.",
  },
  RS1402: {
    why: 'the plugin is registered twice in one build',
    fix: 'Remove one of the two; the second does nothing.',
  },

  RS1501: {
    why: 'the report cannot be written to {path}: {reason}',
    fix: 'Set `report` to a path in a directory that may be written to.',
  },
} as const;

export type DiagnosticCode = keyof typeof diagnostics;

/** The names between braces. `{ commitHash }`, with spaces, is text. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string} ${string}` ? never : Name) | Placeholders<Rest>
  : never;

/** Where in the user's sources; the file relative to the project, with POSIX slashes. */
export interface DiagnosticLocation {
  file?: string | undefined;
  /** From 1. */
  line?: number | undefined;
  /** From 1. */
  column?: number | undefined;
}

/** What a code must be given. */
export type DiagnosticDetails<Code extends DiagnosticCode> = DiagnosticLocation &
  Record<Placeholders<(typeof diagnostics)[Code]['why' | 'fix']>, string | number>;

/**
 * One line: `[replaystack] RS1204 src/routes/user.ts:14:3 <why>. <fix>`. Line breaks in the details become spaces.
 *
 * @example
 * formatDiagnostic('RS1204', { file: 'src/routes/user.ts', line: 14, column: 3, pragma: '@replaystack-ignore' })
 */
export function formatDiagnostic<Code extends DiagnosticCode>(
  code: Code,
  details: DiagnosticDetails<Code>,
): string {
  const { file, line, column } = details;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const { why, fix } = diagnostics[code];
  const values: Readonly<Record<string, unknown>> = details;
  const text = `${why}. ${fix}`.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  return `[replaystack] ${code} ${place === '' ? '' : `${place} `}${text}`.replaceAll(/[\r\n]+\s*/g, ' ');
}
