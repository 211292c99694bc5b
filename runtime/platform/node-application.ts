/** What is observed of an application on Node, beside its functions: calls that go out, and what it prints. */
import { captureConsole } from '../logs/console.ts';
import { listen } from '../outbound/channels.ts';
import { databaseListeners } from '../outbound/database.ts';
import { httpListeners } from '../outbound/http-client.ts';
import type { Observation } from './types.ts';

export function observeApplication(observation: Observation): () => void {
  const listeners = { ...httpListeners(observation), ...databaseListeners(observation) };
  const ends = [listen(listeners, observation.report), captureConsole(observation)];
  return () => ends.forEach((end) => end());
}
