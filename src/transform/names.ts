/** Names for what we write into a module, which the module does not use. */

/** The local names of one module. */
export interface LocalNames {
  /** The running call, in each observed function. */
  call: string;
  error: string;
  /** The type of a hook that hands back the value it was given. */
  same: string;
  /** The local name of a hook, by the name that it is exported under and the number of the module that exports it. */
  hook(name: string, source?: number): string;
}

/** `$rs`, or if the text has that anywhere, `$rs1`, `$rs2`, …: the same for the same text, and never one of its own. */
export function chooseNames(code: string): LocalNames {
  const text = withoutEscapes(code);
  let prefix = '$rs';
  for (let counter = 1; text.includes(prefix); counter++) prefix = `$rs${counter}`;
  return {
    call: prefix,
    error: `${prefix}_error`,
    same: `${prefix}Same`,
    hook: (name, source = 0) =>
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}${source === 0 ? '' : `_${source}`}`,
  };
}

/** `\u0024rs` is `$rs`. */
function withoutEscapes(code: string): string {
  if (!code.includes('\\u')) return code;
  return code.replaceAll(/\\u(?:\{0*([\da-f]{2})\}|00([\da-f]{2}))/gi, (_, long?: string, short?: string) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? '', 16)),
  );
}

/**
 * Whether the text imports hooks under names of ours: it was instrumented before, by another copy of the plugin or by a
 * chain of loaders that runs twice. A module that imports the runtime for itself does not look like this.
 */
export function isInstrumented(code: string): boolean {
  return code.includes('$rs') && /\w(?:\s+as\s+|\s*:\s*)\$rs\d*[A-Z]/.test(code);
}
