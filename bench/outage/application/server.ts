// A service whose answers take as long as its clients like: to hold many open, and to leave in the middle.
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.use(express.json());

app.get('/memory', (_request, response) => {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  response.json({ rss, heap: heapUsed + external });
});

app.get('/held', () => {});

app.post('/orders', (request, response) => {
  response.json(request.body);
});

app.get('/pieces', (_request, response) => {
  response.write('one');
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
