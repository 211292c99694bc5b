/** What `withReplayStack` has Turbopack load modules by. */
import { turbopackLoader } from '../src/bundlers/turbopack.ts';

export default turbopackLoader;

// What `require()` gives: the function itself.
export { turbopackLoader as 'module.exports' };
