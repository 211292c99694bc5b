/** Names for what we write into a module, which the module does not use. */

/** The local names of one module. */
export interface LocalNames {
  /** The running call, in each observed function. */
  call: string;
  error: string;
  /** The local name of a hook, by the name that it is exported under and the number of the module that exports it. */
  hook(name: string, source?: number): string;
}

/** `$rs`, or if the text has that anywhere, `$rs1`, `$rs2`, …: the same for the same text, and never one of its own. */
export function chooseNames(code: string): LocalNames {
  let prefix = '$rs';
  for (let counter = 1; code.includes(prefix); counter++) prefix = `$rs${counter}`;
  return {
    call: prefix,
    error: `${prefix}_error`,
    hook: (name, source = 0) =>
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}${source === 0 ? '' : `_${source}`}`,
  };
}

/**
 * Whether the text imports hooks under names of ours: it was instrumented before, by another copy of the plugin or by a
 * chain of loaders that runs twice. A module that imports the runtime for itself does not look like this.
 */
export function isInstrumented(code: string): boolean {
  return code.includes('$rs') && /\w(?:\s+as\s+|\s*:\s*)\$rs\d*[A-Z]/.test(code);
}
