/** The files that frames were in: what is known of them is kept while they do not change. */
import type { StackFrame } from '../protocol.ts';
import { wait, type Work } from './steps.ts';

/** A file of the application. */
export interface Bundle {
  /** Its frames as they were mapped, by their raw text; all that is kept, for code and maps are large. */
  known: Map<string, StackFrame>;
  /** Set where no map fits. */
  debugId?: string | undefined;
  /** Size and time of change, and when they were last looked at. */
  stamp: string;
  checkedAt: number;
}

const MAX_BUNDLES = 100;
const CHECK_EVERY_MS = 1000;

let bundles: Map<string, Bundle> | undefined;

/** The file at an absolute path. Throws when there is none. */
export function* bundleAt(file: string): Work<Bundle> {
  bundles ??= new Map();
  let bundle = bundles.get(file);
  const now = performance.now();
  if (!bundle || now - bundle.checkedAt > CHECK_EVERY_MS) {
    const { promises, statSync } = process.getBuiltinModule('node:fs');
    const { mtimeMs, size } = yield* wait(
      () => promises.stat(file),
      () => statSync(file),
    );
    const stamp = `${mtimeMs} ${size}`;
    if (bundle?.stamp !== stamp) bundle = { known: new Map(), stamp, checkedAt: now };
    bundle.checkedAt = now;
    if (bundles.size >= MAX_BUNDLES) bundles.clear();
    bundles.set(file, bundle);
  }
  return bundle;
}
