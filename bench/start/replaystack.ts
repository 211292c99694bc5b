/** Starts our client, as the first hook of an instrumented application does, with what a bundle carries of us. */
import { enter, exit, expressApp, expressHandler, fail, settle } from 'unplugin-replaystack/runtime';
import { ReplayStackClient } from 'unplugin-replaystack/runtime';

exit(enter('src/orders.ts:12:create'));

/** What is imported is used, and what is needed to let it send. */
export { expressApp, expressHandler, fail, ReplayStackClient, settle };
