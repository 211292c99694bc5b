/** Headers that `writeHead` is given as an array: they are sent as they would be without us. */
import { once } from 'node:events';
import * as http from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeServer } from '../../../runtime/adapters/node-server.ts';
import type { TestRuntime } from '../../support/runtime.ts';
import { startRuntime } from '../../support/runtime.ts';

type Pairs = [name: string, value: string][];

let test: TestRuntime;
beforeAll(async () => {
  test = await startRuntime();
});
afterAll(() => test[Symbol.asyncDispose]());

/** What one request to a server is answered; the server is closed. */
async function answerOf(server: Server, ask: (port: number) => Promise<unknown>): Promise<unknown> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await ask((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** Status and headers as they come over the wire, one by one, without ours and the time; those of a name together. */
async function askHttp(port: number): Promise<unknown> {
  const request = http.get({ host: '127.0.0.1', port, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  const { statusCode, statusMessage, rawHeaders } = response;
  const pairs: Pairs = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  const names = [...new Set(pairs.map(([name]) => name.toLowerCase()))];
  const sorted = names.flatMap((name) => pairs.filter(([other]) => other.toLowerCase() === name));
  return [statusCode, statusMessage, sorted.filter(([name]) => !/^(?:x-trace-id|date)$/i.test(name))];
}

async function askHttp2(port: number): Promise<unknown> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':path': '/' });
  const [{ 'x-trace-id': _, date, ...headers }] = (await once(stream, 'response')) as [
    http2.IncomingHttpHeaders,
  ];
  expect(date).toBeDefined();
  session.close();
  return headers;
}

/** A listener that tells what it is thrown. */
const answering =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    try {
      answer(request, response);
      response.end();
    } catch (error) {
      response.setHeader('x-error', (error as { code: string }).code);
      response.end();
    }
  };

const twice = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'];

const answers: [what: string, RequestListener][] = [
  ['a flat array', (_, response) => response.writeHead(200, twice)],
  ['a flat array behind a reason', (_, response) => response.writeHead(200, 'Fine', twice)],
  [
    'what another server has sent',
    (_, response) =>
      response.writeHead(203, [
        'Vary',
        'a',
        'Set-Cookie',
        'a=1',
        'X-One',
        '1',
        'Set-Cookie',
        'b=2',
        'Vary',
        'b',
      ]),
  ],
  [
    'an array of pairs',
    (_, response) =>
      response.writeHead(200, [
        ['Set-Cookie', 'a=1'],
        ['X-One', 1],
        ['Set-Cookie', 'b=2'],
      ] as never),
  ],
  [
    'a list of values',
    (_, response) => response.writeHead(200, ['Set-Cookie', ['a=1', 'b=2'], 'Set-Cookie', 'c=3']),
  ],
  ['an object', (_, response) => response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-One': 1 })],
  ['no name twice', (_, response) => response.writeHead(200, ['X-One', '1', 'X-Two', '2'])],
  ['nothing', (_, response) => response.writeHead(200)],
  ['a name without a value', (_, response) => response.writeHead(200, [...twice, 'X-One'])],
  ['a name that is none', (_, response) => response.writeHead(200, ['X One', '1', 'X One', '2'])],
];

/** The application has set one before. */
const behindAnother: RequestListener = (_, response) => {
  response.setHeader('X-Before', '1');
  response.writeHead(200, twice);
};

describe('headers that are given with the status', () => {
  it.each([...answers, ['an array behind another header', behindAnother] as const])(
    'are sent as before: %s',
    async (_what, answer) => {
      const server = (): Server => http.createServer(answering(answer));
      expect(await answerOf(nodeServer(server()), askHttp)).toEqual(await answerOf(server(), askHttp));
    },
  );

  it.each(answers.filter(([what]) => !/reason|none/.test(what)))(
    'so they are by HTTP/2: %s',
    async (_what, answer) => {
      const server = (): Server => http2.createServer(answering(answer as never) as never);
      expect(await answerOf(nodeServer(server()), askHttp2)).toEqual(await answerOf(server(), askHttp2));
    },
  );
});
