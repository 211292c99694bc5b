/** A small service on Express, as it is and as the plugin rewrites it. Says which port it listens on. */
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();
app.use(express.json());

app.get('/ping', (_request, response) => {
  response.json({ ok: true });
});

app.get('/users/:id', async (request, response) => {
  response.json(await findUser(request.params.id));
});

app.post('/orders', async (request, response) => {
  response.status(201).json(await createOrder(request.body as { lines?: number[] }));
});

export async function findUser(id: string): Promise<{ id: string; name: string }> {
  return { id, name: `user ${id}` };
}

export async function createOrder({ lines = [] }: { lines?: number[] }): Promise<{ total: number }> {
  return { total: lines.reduce((sum, price) => sum + price, 0) };
}

const server = app.listen(0, '127.0.0.1', () => {
  console.info((server.address() as AddressInfo).port);
});
