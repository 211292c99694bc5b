/** What environment variables and the build change in what a receiver gets. */
import { afterEach, describe, expect, it } from 'vitest';
import { build } from 'unplugin-replaystack/runtime/build';
import { ReplayStackClient } from '../../../runtime/client.ts';
import type { ReplayStackEvent } from '../../../runtime/protocol.ts';
import { startReceiver } from '../../support/receiver.ts';

const { release } = build;

afterEach(() => {
  for (const name of Object.keys(release)) delete release[name as keyof typeof release];
});

/** Two breadcrumbs, two log lines, an event that succeeded and one that failed, as they arrive. */
async function received(variables: Record<string, string>): Promise<ReplayStackEvent[]> {
  await using receiver = await startReceiver();
  const environment = { REPLAYSTACK_API_KEY: 'k', REPLAYSTACK_ENDPOINT: receiver.url, ...variables };
  const client = new ReplayStackClient({ asyncSend: false }, environment);
  for (const message of ['first', 'second']) {
    client.addBreadcrumb(message);
    client.captureLog({ level: 'error', message });
  }
  client.captureLog({ level: 'debug', message: 'detail' });
  const requestPayload = { taxId: 1, text: 'Bearer abc', long: 'x'.repeat(3000) };
  await client.captureEvent({ endpoint: '/success', requestPayload });
  await client.captureEvent({ endpoint: '/failure', statusCode: 500 });
  await client.close();
  return receiver.accepted();
}

const endpoints = (events: ReplayStackEvent[]): unknown => events.map(({ endpoint }) => endpoint);
const crumbs = ([event]: ReplayStackEvent[]): unknown => event?.breadcrumbs?.map(({ message }) => message);
const logs = ([event]: ReplayStackEvent[]): unknown => event?.logs?.map(({ message }) => message);
const payload = ([event]: ReplayStackEvent[]): unknown => event?.requestPayload;

describe('a variable of the environment', () => {
  it.each<[string, string, (events: ReplayStackEvent[]) => unknown, unknown]>([
    ['REPLAYSTACK_SERVICE_NAME', 'shop', ([event]) => event?.serviceName, 'shop'],
    ['REPLAYSTACK_ENVIRONMENT', 'staging', ([event]) => event?.environment, 'staging'],
    ['NODE_ENV', 'production', ([event]) => event?.environment, 'production'],
    ['REPLAYSTACK_APP_VERSION', '1.2', ([event]) => event?.appVersion, '1.2'],
    ['APP_VERSION', '1.3', ([event]) => event?.appVersion, '1.3'],
    ['REPLAYSTACK_COMMIT_HASH', 'abc', ([event]) => event?.commitHash, 'abc'],
    ['COMMIT_HASH', 'abd', ([event]) => event?.commitHash, 'abd'],
    ['REPLAYSTACK_ENABLED', 'off', endpoints, []],
    ['REPLAYSTACK_SAMPLE_RATE', '0', endpoints, []],
    ['REPLAYSTACK_CAPTURE_SUCCESS', 'no', endpoints, ['/failure']],
    ['REPLAYSTACK_IGNORED_PATHS', '/succ*, /x', endpoints, ['/failure']],
    ['REPLAYSTACK_MAX_PAYLOAD_SIZE_BYTES', '2500', payload, expect.objectContaining({ maxSizeBytes: 2500 })],
    ['REPLAYSTACK_MASK_FIELDS', 'ssn,TAX_ID', payload, expect.objectContaining({ taxId: '[MASKED]' })],
    ['REPLAYSTACK_MASK_PATTERNS', '0', payload, expect.objectContaining({ text: 'Bearer abc' })],
    ['REPLAYSTACK_MAX_BREADCRUMBS', '1', crumbs, ['second']],
    ['REPLAYSTACK_CAPTURE_LOGS', 'false', logs, undefined],
    ['REPLAYSTACK_MAX_LOGS', '1', logs, ['second']],
    ['REPLAYSTACK_LOG_LEVEL', 'debug', logs, ['first', 'second', 'detail']],
  ])('%s=%s', async (variable, value, seen, expected) => {
    expect(seen(await received({}))).not.toEqual(expected);
    expect(seen(await received({ [variable]: value }))).toEqual(expected);
  });

  it('names where events go', async () => {
    await using receiver = await startReceiver();
    const environment = { REPLAYSTACK_API_KEY: 'k', REPLAYSTACK_INGEST_URL: `${receiver.url}/in` };
    const client = new ReplayStackClient({ asyncSend: false }, environment);
    await client.captureEvent({});
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/in']);
    await client.close();
  });

  it.each([
    ['0', 1],
    ['2', 3],
    ['abc', 2],
  ])('REPLAYSTACK_RETRIES=%s makes for %i attempts', async (value, attempts) => {
    await using receiver = await startReceiver();
    receiver.answer = () => ({ status: 503 });
    const variables = { REPLAYSTACK_API_KEY: 'k', REPLAYSTACK_ENDPOINT: receiver.url };
    const client = new ReplayStackClient({ asyncSend: false }, { ...variables, REPLAYSTACK_RETRIES: value });
    await client.captureEvent({});
    expect(receiver.requests).toHaveLength(attempts);
    await client.close(0);
  });
});

it('what the build knew of the release is sent, unless the environment knows better', async () => {
  Object.assign(release, {
    serviceName: 's',
    appVersion: '1',
    commitHash: 'c',
    environment: 'e',
    dirty: true,
  });
  expect((await received({ COMMIT_HASH: 'd' }))[0]).toMatchObject({
    serviceName: 's',
    appVersion: '1',
    commitHash: 'd',
    environment: 'e',
    metadata: { dirty: true },
  });
});
