/** What `withReplayStack` has Turbopack load modules by. */
import type { LoaderContext } from '../src/bundlers/turbopack.ts';
import { loadModule } from '../src/bundlers/turbopack.ts';

function loader(this: LoaderContext, code: string, map: unknown): void {
  // What a loader is called on tells it what it loads.
  // oxlint-disable-next-line oxc/no-this-in-exported-function
  loadModule(this, code, map);
}

export default loader;

// What `require()` gives: the function itself.
export { loader as 'module.exports' };
