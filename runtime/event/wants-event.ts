/** Whether an event is captured at all: decided before anything is done for it. */
import type { EventDraft } from './build-event.ts';
import { statusOf } from './build-event.ts';
import type { ResolvedOptions } from '../options/resolve-options.ts';
import { matchesPath } from './paths.ts';
import { toEndpoint } from './url.ts';

/** By `enabled`, the sample rate, `captureSuccess` and the ignored paths. */
export function wantsEvent(event: EventDraft, options: ResolvedOptions): boolean {
  const { enabled, captureSuccess, sampleRate, ignoredPaths } = options;
  if (!enabled || (sampleRate < 1 && Math.random() >= sampleRate)) return false;
  if (!captureSuccess && !/failed|warning/.test(statusOf(event))) return false;
  return typeof event.endpoint !== 'string' || !matchesPath(toEndpoint(event.endpoint), ignoredPaths);
}
