import fastify from 'fastify';
import { createOrder, type OrderInput } from './orders.ts';
import { createReport } from './reports.ts';
import { findUser } from './users.ts';
import { watchParent } from './parent.ts';

const app = fastify();

app.get('/ping', async () => ({ ok: true }));

app.get('/users/:id', async (request) => findUser((request.params as { id: string }).id));

app.post('/orders', async (request, reply) => {
  reply.code(201);
  return createOrder(request.body as OrderInput);
});

app.get('/boom', async () => createReport(1843));

// What a peer wants to have registered behind the routes.
(globalThis as { benchErrors?: (app: unknown) => void }).benchErrors?.(app);

app.setErrorHandler((_error, _request, reply) => reply.code(500).send({ message: 'Something went wrong' }));

void app.listen({ port: 0, host: '127.0.0.1' }).then(() => watchParent(app.server));
