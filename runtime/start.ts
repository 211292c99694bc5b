/** Start-up without a line of code in the application: the client that hooks report to comes from configuration. */
import { ReplayStackClient } from './client.ts';
import { installReplayStackProcessGuards } from './guards.ts';
import type { ClientOptions } from './options/resolve-options.ts';
import { runtime } from './state.ts';
import { onFatal, readEnvironment } from '#platform';
import { build } from 'unplugin-replaystack/runtime/build';

/**
 * The client that instrumented code reports to, started by the first hook that finds an API key in the environment or in
 * the module of options; undefined, and no more than a branch, as long as there is none. Applications read their .env file
 * when they start, perhaps after the first observed call: so the environment is asked again, at the 1st, 2nd, 4th, 8th …
 * call.
 *
 * @param bindings what the platform hands to the handler as its environment, where the process has none
 */
export function activeClient(bindings?: unknown): ReplayStackClient | undefined {
  const { client } = runtime();
  return client === undefined ? findClient(bindings) : (client ?? undefined);
}

function findClient(bindings: unknown): ReplayStackClient | undefined {
  const state = runtime();
  const asked = ++state.misses;
  if ((asked & (asked - 1)) === 0 || hasKey(bindings)) startClient(bindings);
  return state.client ?? undefined;
}

function hasKey(bindings: unknown): boolean {
  return typeof bindings === 'object' && bindings !== null && 'REPLAYSTACK_API_KEY' in bindings;
}

try {
  const state = runtime();
  if (build.early === true && state.early !== true) {
    state.early = true;
    onFatal((error, origin) => {
      if (state.client !== undefined) return;
      startClient(undefined);
      state.guards?.onError(error, origin);
    });
  }
} catch {
  // In a cycle of imports, what the build knew may not be there yet.
}

/** The client makes itself known to the state. */
function startClient(bindings: unknown): void {
  try {
    const environment: Record<string, unknown> = { ...readEnvironment(), ...(bindings as object) };
    // An application may run to render what is static: that is no production, whatever keys the build is given.
    if (environment['NEXT_PHASE'] === 'phase-production-build') return;
    if (environment['TSS_PRERENDERING'] === 'true') return;
    // Throws as long as the module of options has not been evaluated.
    const options: ClientOptions = build.options ?? {};
    if (!options.apiKey && !environment['REPLAYSTACK_API_KEY']) return;
    const client = new ReplayStackClient(options, environment);
    if (build.guards && client.options.enabled) installReplayStackProcessGuards(client);
  } catch {
    // Without a client there is nobody to tell.
  }
}
