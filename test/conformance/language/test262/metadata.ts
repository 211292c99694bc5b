/** What a test of test262 says of itself, in the comment at its top. */

export interface Metadata {
  /** Files of the harness, beside those that all tests have. */
  includes: readonly string[];
  flags: ReadonlySet<string>;
  /** The error that it must end with, and when. */
  negative: { phase: string; type: string } | undefined;
}

/** The parts of YAML that these comments are written in. */
export function readMetadata(text: string): Metadata {
  const front = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1] ?? '';
  const negative = /^negative:\s*\n((?:[ \t]+.*\n?)+)/m.exec(front)?.[1];
  return {
    includes: list(front, 'includes'),
    flags: new Set(list(front, 'flags')),
    negative: negative && {
      phase: /phase:\s*(\w+)/.exec(negative)?.[1] ?? '',
      type: /type:\s*(\w+)/.exec(negative)?.[1] ?? '',
    },
  } as Metadata;
}

/** `key: [a, b]`, over one line or several, or `- a` lines below the key. */
function list(front: string, key: string): string[] {
  const inline = new RegExp(String.raw`^${key}:\s*\[([^\]]*)\]`, 'm').exec(front)?.[1];
  const below = new RegExp(String.raw`^${key}:\s*\n((?:\s*-.*\n?)+)`, 'm').exec(front)?.[1];
  const items = inline?.split(',') ?? below?.split('\n').map((line) => line.replace(/^\s*-/, '')) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
