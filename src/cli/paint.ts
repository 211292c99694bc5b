/** Colours, on a terminal alone, unless FORCE_COLOR or NO_COLOR say otherwise. */
import pc from 'picocolors';

// What it takes for a terminal are CI systems as well, and whatever Windows pipes into a file.
const isWanted = pc.isColorSupported && (process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined);

export const paint: ReturnType<typeof pc.createColors> = pc.createColors(isWanted);
