import express, { type ErrorRequestHandler } from 'express';
import { createOrder, type OrderInput } from './orders.ts';
import { createReport } from './reports.ts';
import { findUser } from './users.ts';
import { watchParent } from './parent.ts';

const app = express();
app.use(express.json());

app.get('/ping', (_request, response) => {
  response.json({ ok: true });
});

app.get('/users/:id', async (request, response) => {
  response.json(await findUser(request.params.id));
});

app.post('/orders', async (request, response) => {
  response.status(201).json(await createOrder(request.body as OrderInput));
});

app.get('/boom', async (_request, response) => {
  response.json(await createReport(1843));
});

// What a peer wants to have registered behind the routes.
(globalThis as { benchErrors?: (app: unknown) => void }).benchErrors?.(app);

const answerError: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).json({ message: 'Something went wrong' });
};
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => watchParent(server));
