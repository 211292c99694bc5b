/**
 * Takes what every variant sends, and counts the events of ours. A process of its own, which does as little as it can: it
 * shares its core with the load.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ACCEPTED = '{"success":true,"message":"Event accepted","data":{"eventId":"1"}}';
/** Once in every event of ours, and in nobody else's. */
const EVENT = Buffer.from(',"eventType":"');

let events = 0;
let requests = 0;
let bytes = 0;

const server = createServer((request, response) => {
  let tail = Buffer.alloc(0);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const text = Buffer.concat([tail, chunk]);
    for (let at = text.indexOf(EVENT); at >= 0; at = text.indexOf(EVENT, at + EVENT.length)) events++;
    tail = text.subarray(Math.max(0, text.length - EVENT.length + 1));
  });
  request.on('end', () => {
    requests++;
    response.setHeader('content-type', 'application/json');
    response.end(ACCEPTED);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => process.send?.({ events, requests, bytes }));
