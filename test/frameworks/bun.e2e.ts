/** Bun, by `Bun.serve` with routes. */
import { expect, test } from 'vitest';
import { describeApplication } from '../support/e2e-application.ts';
import { send } from '../support/e2e-http.ts';
import { binaries, checkConcurrent, describeWith } from './platforms.ts';
import { scenariosOn } from './scenarios/platforms.ts';

describeWith('bun', () => {
  describeApplication(
    'an application on Bun',
    {
      app: 'apps/platforms',
      command: binaries.bun,
      args: (file) => ['run', file],
      bundlers: ['rolldown'],
      request: { entry: 'src/serve-bun.ts' },
      scenarios: scenariosOn({ framework: 'bun', mapped: true }),
      // Bun does not tell that a client has left.
      pieces: { path: '/pieces', metadata: { framework: 'bun' }, left: {} },
      concurrent: checkConcurrent,
    },
    (running) => {
      test('a route has its pattern', async () => {
        const { service, without, receiver } = running();
        const { headers, body } = await send(service.url, { path: '/by-id/1' });
        expect(body).toBe((await send(without.url, { path: '/by-id/1' })).body);
        const event = await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
        expect(event).toMatchObject({ statusCode: 200, metadata: { framework: 'bun', route: '/by-id/:id' } });
      });
    },
  );
});
