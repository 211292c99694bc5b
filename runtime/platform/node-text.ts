/** The text that Node's console makes of its arguments. */

/** Enough to tell what was printed; what is longer is cut anyway. */
const INSPECTION = { maxArrayLength: 20, maxStringLength: 1000 };

export function formatText(args: readonly unknown[]): string {
  return process.getBuiltinModule('node:util').formatWithOptions(INSPECTION, ...args);
}
