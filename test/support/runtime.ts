/** A client that instrumented code reports to, and the receiver that its events go to. */
import { ReplayStackClient } from '../../runtime/client.ts';
import type { ClientOptions } from '../../runtime/options/resolve-options.ts';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { runtime } from '../../runtime/state.ts';
import type { Receiver } from './receiver.ts';
import { startReceiver } from './receiver.ts';

export interface TestRuntime extends AsyncDisposable {
  client: ReplayStackClient;
  receiver: Receiver;
  /** What the client told `onError`. */
  errors: Error[];
  /** Every event of what has happened so far. */
  events(): Promise<ReplayStackEvent[]>;
}

/** Starts a receiver and a client for it, as if the application had done so. */
export async function startRuntime(options: ClientOptions = {}): Promise<TestRuntime> {
  const receiver = await startReceiver();
  const errors: Error[] = [];
  const client = new ReplayStackClient({
    apiKey: 'rs_test',
    endpoint: receiver.url,
    onError: (error) => void errors.push(error),
    ...options,
  });
  return {
    client,
    receiver,
    errors,
    async events() {
      await macrotasks();
      await client.flush();
      return receiver.accepted();
    },
    async [Symbol.asyncDispose]() {
      await client.close(0);
      forgetClient();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

/** The process is as it was before the first client. What hooks hold on to of the one before is gone. */
export function forgetClient(): void {
  Object.assign(runtime(), { client: undefined, storage: undefined, misses: 0 });
}

/** What is put off to the next macrotask has happened, and what that puts off as well. */
export async function macrotasks(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
