/**
 * Requests to servers that no build has seen, since they come with a framework. Node tells of each before anybody handles it: the
 * scope opens there, and an event comes of those alone that one of the application's handlers takes part in.
 */
import { enterScope } from '../scope.ts';
import { activeClient } from '../start.ts';
import { runtime } from '../state.ts';
import { isKnownRequest } from '../requests.ts';
import type { NodeRequest, NodeResponse } from './node-message.ts';
import { openNodeRequest } from './node-http.ts';
import { activeCaptor, PLAIN_HTTP } from './request.ts';

/** What Node publishes. */
interface Incoming {
  request: NodeRequest;
  response: NodeResponse;
}

/** Node's module, where there is one. */
interface Builtins {
  getBuiltinModule?(name: string): { subscribe(channel: string, listener: (message: never) => void): void };
}

/** Opens requests from now on, once in a process; nothing without an API key. */
export function watchIncoming(): void {
  try {
    const state = runtime();
    if (state.incoming === true || activeClient() === undefined) return;
    const { process } = globalThis as { process?: Builtins };
    process?.getBuiltinModule?.('node:diagnostics_channel').subscribe('http.server.request.start', open);
    state.incoming = true;
  } catch {
    // Nobody tells of requests here.
  }
}

function open({ request, response }: Incoming): void {
  try {
    const captor = activeCaptor();
    if (captor === undefined || isKnownRequest(request)) return;
    const scope = openNodeRequest(request, response, PLAIN_HTTP, captor, undefined, true);
    if (scope !== undefined) enterScope(scope);
  } catch {
    // What is thrown here would end the process.
  }
}
