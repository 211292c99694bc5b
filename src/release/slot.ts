/**
 * How the release gets into a bundle without changing anything else of it. The module that carries it holds a slot of fixed
 * width, so that chunk names, hashes, caches and source maps come out the same for every commit; the values go into the slot
 * when all that is settled, in the finished text of the one chunk that has it.
 */
import type { Release } from '../../runtime/protocol.ts';

const MARK = '__REPLAYSTACK_RELEASE__';

/** Letters and underscores alone: no minifier, quote or escape can touch it. */
const SLOT: RegExp = new RegExp(`${MARK}_+`, 'g');

/** Room for the values of a usual release; a longer one gets a multiple of it. */
const STEP = 384;

/** An empty slot. Its width depends on what does not change from commit to commit. */
export function emptySlot({ serviceName = '', environment = '' }: Release): string {
  // A hash of 64 digits, a version and what percent-encoding makes of the rest.
  const needed = 3 * (serviceName.length + environment.length) + 250;
  return MARK.padEnd(Math.ceil(needed / STEP) * STEP, '_');
}

/** Whether the text has a slot. Cheap: most chunks have none. */
export function hasSlot(code: string): boolean {
  return code.includes(MARK);
}

/**
 * Puts the release into the slots of a finished chunk, blank-padded, so that no position behind them moves.
 *
 * @returns the code, of the same length; undefined when the release does not fit, which then stays out
 */
export function fillSlots(code: string, release: Release): string | undefined {
  const value = encodeSlot(release);
  let fits = true;
  const filled = code.replaceAll(SLOT, (slot) => {
    fits &&= value.length <= slot.length;
    return value.padEnd(slot.length, ' ');
  });
  return fits ? filled : undefined;
}

/** JSON without a character that any kind of quotes, a template or HTML would mind. */
function encodeSlot(release: Release): string {
  return encodeURIComponent(JSON.stringify(release)).replaceAll("'", '%27');
}
