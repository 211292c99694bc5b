/** What Next.js says that a route needs when it runs: `output: 'standalone'` and hosts are given that, and no more. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

/** The parts of a trace that are changed. */
interface Trace {
  /** From the trace's directory. */
  files: string[];
  /** In the same order, if there are any. */
  fileHashes?: string[];
}

/**
 * Adds the maps of a route's own scripts to its trace, so that they go where the scripts go. The scripts have been finished since
 * they were traced, so that their hashes are no longer those of their text.
 *
 * @param file the trace
 * @param directory of the server's output: maps of what lies elsewhere are not for us to read
 * @returns the text of the trace; undefined if there is nothing to add
 */
export async function traceMaps(file: string, directory: string): Promise<string | undefined> {
  const trace = JSON.parse(await readFile(file, 'utf8')) as Trace;
  const named = new Set(trace.files);
  for (const [index, script] of [...trace.files].entries()) {
    const map = `${script}.map`;
    const path = resolve(dirname(file), map);
    if (!/\.[cm]?js$/.test(script) || named.has(map) || !path.startsWith(directory + sep)) continue;
    const text = await readFile(path).catch(() => undefined);
    if (text === undefined) continue;
    trace.files.push(map);
    if (trace.fileHashes === undefined) continue;
    const code = await readFile(path.slice(0, -'.map'.length)).catch(() => undefined);
    if (code !== undefined) trace.fileHashes[index] = hashOf(code);
    trace.fileHashes.push(hashOf(text));
  }
  return trace.files.length > named.size ? JSON.stringify(trace) : undefined;
}

function hashOf(text: Buffer): string {
  return createHash('md5').update(text).digest('hex');
}
