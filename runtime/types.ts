/**
 * Types alone: of events, for those who write a receiver, and of the environment, for those who want `process.env` typed.
 *
 * @example
 * ```json
 * // tsconfig.json
 * { "compilerOptions": { "types": ["unplugin-replaystack/types"] } }
 * ```
 *
 * @module
 */
export type * from './protocol.ts';

declare global {
  namespace NodeJS {
    interface ProcessEnv {
      /** The key of your project. Without it nothing is captured. */
      REPLAYSTACK_API_KEY?: string;
      /** @default https://api.replaystack.co */
      REPLAYSTACK_ENDPOINT?: string;
      /** Takes the place of the whole ingestion url. */
      REPLAYSTACK_INGEST_URL?: string;
      REPLAYSTACK_SERVICE_NAME?: string;
      REPLAYSTACK_ENVIRONMENT?: string;
      REPLAYSTACK_APP_VERSION?: string;
      REPLAYSTACK_COMMIT_HASH?: string;
      /** `0`, `false`, `no`, `off` or nothing switches everything off. */
      REPLAYSTACK_ENABLED?: string;
      /** Share of the events that are sent, from 0 to 1. */
      REPLAYSTACK_SAMPLE_RATE?: string;
      /** `false` sends failures and warnings only. */
      REPLAYSTACK_CAPTURE_SUCCESS?: string;
      /** `false`: calls that go out leave no breadcrumbs. */
      REPLAYSTACK_CAPTURE_OUTBOUND?: string;
      /** Hosts that are given the trace id, separated by commas. */
      REPLAYSTACK_PROPAGATE?: string;
      /** `true`: what `console.error` and `console.warn` print is a log. */
      REPLAYSTACK_CAPTURE_CONSOLE?: string;
      /** Names of further fields to mask, separated by commas. */
      REPLAYSTACK_MASK_FIELDS?: string;
      /** Paths that are not captured, separated by commas. */
      REPLAYSTACK_IGNORED_PATHS?: string;
    }
  }
}
