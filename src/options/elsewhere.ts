/** Options that exist, but not in the plugin: those of the client, which are read where the application runs. */
import { formatDiagnostic } from '../diagnostics.ts';

const RELEASE = ['serviceName', 'environment', 'appVersion', 'commitHash'];

/** Each has an environment variable that is named after it. */
const CLIENT_WITH_VARIABLE = [
  'endpoint',
  'ingestUrl',
  'timeoutMs',
  'retries',
  'sampleRate',
  'captureSuccess',
  'maxPayloadSizeBytes',
  'maskFields',
  'ignoredPaths',
  'maxBreadcrumbs',
  'offlineQueueMax',
  'flushIntervalMs',
  'batchFlushIntervalMs',
  'batchMaxEvents',
  'captureLogs',
  'logLevel',
  'maxLogs',
];

const CLIENT = [
  'asyncSend',
  'raiseOnError',
  'onError',
  'onQueueDrop',
  'transport',
  'remoteMaskingRules',
  'captureRequestBody',
  'captureResponseBody',
  'captureHeaders',
  'getTraceId',
  'shouldCapture',
];

/**
 * The coded line that says where such an option belongs, or `undefined` when it is none. The names count in any spelling, since
 * they are written `api_key` and `REPLAYSTACK_API_KEY` elsewhere; the value of a key is never repeated.
 *
 * @param option The option as the message calls it, `release.apiKey`.
 * @param key Its last part, `apiKey`.
 */
export function elsewhere(option: string, key: string): string | undefined {
  if (find(['apiKey'], key)) return formatDiagnostic('RS1006', { option });
  // Under `release` already, only the spelling is wrong, and that has a message of its own.
  const release = option.startsWith('release.') ? undefined : find(RELEASE, key);
  if (release) return formatDiagnostic('RS1007', { option, name: release, variable: variableOf(release) });
  const configurable = find(CLIENT_WITH_VARIABLE, key);
  if (configurable) {
    return formatDiagnostic('RS1008', { option, name: configurable, variable: variableOf(configurable) });
  }
  const client = find(CLIENT, key);
  return client && formatDiagnostic('RS1009', { option, name: client });
}

function find(names: readonly string[], key: string): string | undefined {
  const written = normalise(key).replace(/^replaystack/, '');
  return names.find((name) => normalise(name) === written);
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function variableOf(name: string): string {
  return `REPLAYSTACK_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
}
