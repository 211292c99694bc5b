/** No secret leaves the process: planted under every name, in every spelling, in every place where data is captured. */
import fc from '../../support/properties.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReplayStackClient } from '../../../runtime/client.ts';
import type { EventDraft } from '../../../runtime/event/build-event.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';

const FIELDS = [
  ['authorization'],
  ['proxy', 'authorization'],
  ['password'],
  ['passwd'],
  ['pwd'],
  ['token'],
  ['access', 'token'],
  ['refresh', 'token'],
  ['id', 'token'],
  ['apikey'],
  ['api', 'key'],
  ['secret'],
  ['client', 'secret'],
  ['cookie'],
  ['set', 'cookie'],
  ['session'],
  ['card', 'number'],
  ['cvv'],
  ['cvc'],
  ['otp'],
  ['private', 'key'],
  ['x', 'api', 'key'],
  ['x', 'apikey'],
  ['x', 'auth', 'token'],
  ['x', 'access', 'token'],
  ['x', 'token'],
  ['authentication'],
  ['tax', 'id'],
];

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const SPELLINGS: ((words: string[]) => string)[] = [
  (words) => words.join(''),
  (words) => words.join('_'),
  (words) => words.join('-'),
  (words) => words.join(' '),
  (words) => words.join('_').toUpperCase(),
  (words) => words.map(capital).join('-'),
  (words) => words.map(capital).join(''),
  (words) => words.map((word, index) => (index === 0 ? word : capital(word))).join(''),
];

/** Each puts a secret under a name somewhere into an event. */
const CARRIERS: Record<string, (name: string, secret: string) => EventDraft> = {
  'request headers': (name, secret) => ({ requestHeaders: { [name]: secret } }),
  'response headers': (name, secret) => ({ responseHeaders: { [name]: [secret, secret] } }),
  'pairs of headers': (name, secret) => ({
    requestHeaders: [
      ['accept', 'x'],
      [name, secret],
    ],
  }),
  'raw headers': (name, secret) => ({ requestHeaders: ['Accept', 'x', name, secret] as never }),
  'a map of headers': (name, secret) => ({ responseHeaders: new Map([[name, secret]]) }),
  cookies: (name, secret) => ({
    requestHeaders: { Cookie: `a=1; ${encodeURIComponent(name)}=${secret}; b=${secret}` },
    responseHeaders: { 'set-cookie': [`${encodeURIComponent(name)}=${secret}; Path=/`, secret] },
  }),
  'a payload': (name, secret) => ({ requestPayload: { list: [{ deep: { [name]: { inner: secret } } }] } }),
  'a map': (name, secret) => ({ responsePayload: new Map([[name, secret]]) }),
  'JSON in a text': (name, secret) => ({ requestPayload: JSON.stringify({ a: { [name]: secret } }) }),
  'JSON in bytes': (name, secret) => ({ responsePayload: Buffer.from(JSON.stringify([{ [name]: secret }])) }),
  'JSON that was cut off': (name, secret) => ({
    requestHeaders: { 'content-type': 'application/json' },
    requestPayload: JSON.stringify({ [name]: secret, b: 1 }).slice(0, -1),
  }),
  'JSON that is too large': (name, secret) => ({
    requestPayload: JSON.stringify({ [name]: secret, b: 'x'.repeat(40_000) }),
  }),
  'a form': (name, secret) => ({
    requestHeaders: { 'content-type': 'application/x-www-form-urlencoded' },
    requestPayload: new URLSearchParams({ [name]: secret, [`user[${name}]`]: secret }).toString(),
  }),
  'the query': (name, secret) => ({
    requestUrl: `https://h/p?a=1&${encodeURIComponent(name)}=${secret}&u%5B${encodeURIComponent(name)}%5D=${secret}`,
  }),
  'a query within the query': (name, secret) => ({
    requestUrl: `https://h/p?next=${encodeURIComponent(`/x?a=1&${encodeURIComponent(name)}=${secret}`)}&a=1`,
  }),
  'JSON in the query': (name, secret) => ({
    requestUrl: `https://h/p?${new URLSearchParams({ filter: JSON.stringify({ [name]: secret }) })}`,
  }),
  'the address of another page': (name, secret) => ({
    requestHeaders: { referer: `https://h/p?${new URLSearchParams({ [name]: secret })}#a` },
    responseHeaders: {
      location: `/p?next=${encodeURIComponent(`/x?${encodeURIComponent(name)}=${secret}`)}`,
    },
  }),
  'a form without its type': (name, secret) => ({
    requestPayload: new URLSearchParams({ [`u[${name}]`]: secret, [name]: secret }).toString(),
  }),
  'the fragment': (name, secret) => ({
    requestUrl: `https://h/p#${new URLSearchParams({ [name]: secret })}`,
  }),
  metadata: (name, secret) => ({ metadata: { [name]: secret, a: { [name]: [secret] } } }),
  'captured arguments': (name, secret) => ({
    metadata: {
      trail: [{ functionName: 'f', fileName: 'f.ts', lineNumber: 1, arguments: { [name]: secret } }],
    },
  }),
  breadcrumbs: (name, secret) => ({
    breadcrumbs: [
      { message: 'm', category: 'c', level: 'info', metadata: { a: { [name]: secret } }, timestamp: '' },
    ],
  }),
  logs: (name, secret) => ({
    logs: [{ message: 'm', level: 'error', metadata: { [name]: secret }, timestamp: '' }],
  }),
};

/** Each writes a secret in a way that is known by its form, in a text. */
const FORMS: ((secret: string) => string)[] = [
  (secret) => `Bearer ${secret}`,
  (secret) => `Authorization: Basic ${btoa(`user:${secret}`)}`,
  (secret) => `postgres://user:${secret}@db/orders`,
  (secret) => `password=${secret}&a=1`,
  (secret) => `{"access token": "${secret}"}`,
  (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  (secret) => `eyJhbGciOiJIUzI1NiJ9.eyJ${btoa(secret).replace(/\W/g, '')}.${secret}`,
];

/** Each puts a text somewhere into an event. */
const TEXTS: ((text: string) => EventDraft)[] = [
  (text) => ({ requestPayload: { note: [text] } }),
  (text) => ({ requestPayload: text }),
  (text) => ({ responsePayload: { body: JSON.stringify({ text }) } }),
  (text) => ({ error: new Error(text) }),
  (text) => ({ error: new Error('outer', { cause: new Error(text) }) }),
  (text) => ({ error: text }),
  (text) => ({ error: { reason: text } }),
  (text) => ({ metadata: { note: text } }),
  (text) => ({ requestHeaders: { referer: text } }),
  (text) => ({
    breadcrumbs: [{ message: text, category: text, level: 'info', metadata: {}, timestamp: '' }],
  }),
  (text) => ({ logs: [{ message: text, level: 'error', metadata: {}, timestamp: '' }] }),
  (text) => ({ userAgent: text, endpoint: `/${text}`, requestUrl: `https://h/${text}` }),
];

const secrets = fc
  .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'), minLength: 8, maxLength: 12 })
  .map((text) => `s3${text}X`);

describe('no secret reaches the receiver', () => {
  let receiver: Receiver;
  beforeAll(async () => void (receiver = await startReceiver()));
  afterAll(() => receiver[Symbol.asyncDispose]());

  function createClient(maskPatterns: boolean): ReplayStackClient {
    return new ReplayStackClient({
      apiKey: 'k',
      endpoint: receiver.url,
      maskFields: ['taxId'],
      maxPayloadSizeBytes: 20_000,
      maskPatterns,
    });
  }

  /** Sends the events and looks at every byte that arrives. */
  async function expectSilence(
    client: ReplayStackClient,
    events: EventDraft[],
    secret: string,
  ): Promise<void> {
    receiver.requests.length = 0;
    for (const event of events) void client.captureEvent(event);
    expect(await client.flush()).toEqual({ pending: 0 });
    expect(receiver.requests.flatMap((request) => request.events)).toHaveLength(events.length);
    for (const { body } of receiver.requests) {
      expect(body).not.toContain(secret);
      expect(body).not.toContain(btoa(`user:${secret}`));
    }
  }

  it.each(Object.entries(CARRIERS))('by its name, in %s', async (_, carry) => {
    const client = createClient(false);
    const events = FIELDS.flatMap((words) => SPELLINGS.map((spell) => carry(spell(words), 's3cr3tX')));
    await expectSilence(client, events, 's3cr3tX');
  });

  it('by its form, in any text', async () => {
    const client = createClient(true);
    await fc.assert(
      fc.asyncProperty(secrets, fc.lorem(), async (secret, words) => {
        const texts = FORMS.map((form) => `${words} ${form(secret)} ${words}`);
        await expectSilence(
          client,
          TEXTS.flatMap((carry) => texts.map(carry)),
          secret,
        );
      }),
      { numRuns: 15 },
    );
  });

  it('by its name, behind any prefix of the payload', async () => {
    const client = createClient(true);
    const property = fc.asyncProperty(
      secrets,
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
      fc.constantFrom(...FIELDS),
      fc.constantFrom(...SPELLINGS),
      async (secret, others, words, spell) => {
        const payload = { ...others, [spell(words)]: secret, nested: [others, { [spell(words)]: secret }] };
        const events = [{ requestPayload: payload }, { responsePayload: JSON.stringify(payload) }];
        await expectSilence(client, [...events, { metadata: { note: JSON.stringify(payload) } }], secret);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});
