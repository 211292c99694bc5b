/** A service with as many routes as it is told, each of which calls two of its functions. Tells its CPU time when asked. */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { bare } from './functions.ts';

const app = express();
const functions = bare['functions'] ?? [];
const pick = (index: number): ((id: number) => Promise<number>) => functions[index % functions.length]!;

for (let route = 0; route < Number(process.env['ROUTES']); route++) {
  app.get(`/r${route}/:id`, async (request, response) => {
    const id = Number(request.params.id);
    response.json({ sum: (await pick(id)(1)) + (await pick(id * 7 + 1)(2)) });
  });
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
