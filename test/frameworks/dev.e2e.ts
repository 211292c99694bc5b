/**
 * The frameworks' own dev servers: requests are captured from source, frames are those of the files that are open in the editor, and
 * what is edited is instrumented once more, and once only.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import { outline } from '../support/e2e-event.ts';
import { send } from '../support/e2e-http.ts';
import { configure, installNest, NEST } from '../support/e2e-nest.ts';
import { installNext, NEXT } from '../support/e2e-next.ts';
import { createProject, positionOf, type Project } from '../support/e2e-project.ts';
import { freePort, type Service, startService } from '../support/e2e-service.ts';

interface DevServer {
  /** The application, below fixtures/apps. */
  app: string;
  /** What its developer types, behind `node`. */
  command(port: number): string[];
  install?(project: Project): void;
  /** Where the price of something is asked for that has none. */
  path: string;
  /** To be asked for first, where what is before that request is loaded by it: there is nobody to see it begin. */
  first?: string;
  /** A page that fails as it is rendered, and words that the server has for who does not read its parameters as it is meant. */
  page?: { path: string; complaint: string };
  /** Holds the function at fault. */
  file: string;
  /** @default the one that looks for a price where there is none */
  fault?: Fault;
  event: { framework: string; route: string };
}

interface Fault {
  /** As breadcrumbs have it. */
  name: string;
  /** What its declaration begins with. */
  declaration: string;
  /** What throws. */
  text: string;
  statusCode: number;
  errorName: string;
}

const NO_PRICE: Fault = {
  name: 'priceOf',
  declaration: 'export async function priceOf',
  text: 'amount;\n}',
  statusCode: 500,
  errorName: 'TypeError',
};

const vite = (port: number): string[] => [
  'node_modules/vite/bin/vite.js',
  'dev',
  '--host',
  '127.0.0.1',
  '--port',
  `${port}`,
];

const servers: DevServer[] = [
  {
    app: 'next',
    command: (port) => [NEXT, 'dev', '-H', '127.0.0.1', '-p', `${port}`],
    install: installNext,
    path: '/api/prices/x2',
    page: { path: '/prices/none', complaint: 'must be unwrapped' },
    file: 'lib/orders.ts',
    event: { framework: 'next', route: '/api/prices/[sku]' },
  },
  {
    app: 'nuxt',
    command: (port) => ['node_modules/nuxt/bin/nuxt.mjs', 'dev', '--host', '127.0.0.1', '--port', `${port}`],
    path: '/api/prices?id=x2',
    file: 'server/utils/books.ts',
    event: { framework: 'nuxt', route: '/api/prices' },
  },
  {
    app: 'astro',
    command: (port) => ['node_modules/astro/astro.js', 'dev', '--host', '127.0.0.1', '--port', `${port}`],
    path: '/api/prices/x2',
    file: 'src/lib/orders.ts',
    event: { framework: 'astro', route: '/api/prices/[sku]' },
  },
  {
    app: 'sveltekit',
    command: vite,
    path: '/api/prices/x2',
    file: 'src/lib/server/orders.ts',
    event: { framework: 'sveltekit', route: '/api/prices/[sku]' },
  },
  {
    app: 'react-router',
    command: (port) => [
      'node_modules/@react-router/dev/bin.js',
      'dev',
      '--host',
      '127.0.0.1',
      '--port',
      `${port}`,
    ],
    first: '/',
    path: '/api/prices/x2',
    file: 'app/lib/orders.ts',
    event: { framework: 'react-router', route: '/api/prices/:sku' },
  },
  {
    app: 'tanstack-start',
    command: vite,
    path: '/api/prices/x2',
    file: 'src/lib/orders.ts',
    event: { framework: 'tanstack-start', route: '/api/prices/$sku' },
  },
  {
    app: 'nestjs',
    command: () => [NEST, 'start', '--watch'],
    install(project) {
      installNest(project, 'nestjs');
      configure(project, 'webpack');
    },
    path: '/v1/appointments/99',
    file: 'src/appointments.service.ts',
    fault: {
      name: 'AppointmentsService.find',
      declaration: '  async find(',
      text: 'new NotFoundException',
      statusCode: 404,
      errorName: 'NotFoundException',
    },
    event: { framework: 'nestjs', route: '/v1/appointments/:id' },
  },
];

describe.each(servers)(
  '$app in development',
  ({ command, install, first, page, app, path, file, fault = NO_PRICE, event: expected }) => {
    const { name, declaration, text, statusCode, errorName } = fault;
    let project: Project;
    let receiver: Receiver;
    let service: Service;

    beforeAll(async () => {
      project = createProject(`apps/${app}`);
      install?.(project);
      receiver = await startReceiver();
      const port = await freePort();
      service = await startService(project.dir, command(port), {
        PORT: `${port}`,
        ASTRO_TELEMETRY_DISABLED: '1',
        NEXT_TELEMETRY_DISABLED: '1',
        NUXT_TELEMETRY_DISABLED: '1',
        REPLAYSTACK_API_KEY: 'rs_test',
        REPLAYSTACK_ENDPOINT: receiver.url,
      });
      if (first !== undefined) await send(service.url, { path: first });
    });

    afterAll(async () => {
      await service?.stop();
      await receiver?.close();
    });

    /** The event of a request, with an id of its own. */
    async function visit(traceId: string): Promise<ReplayStackEvent> {
      await send(service.url, { path, headers: { 'x-trace-id': traceId } });
      return receiver.waitFor((event) => event.traceId === traceId);
    }

    /** Where the function stands now whose body is at fault. */
    const placeOf = ({ stackFrames = [] }: ReplayStackEvent): unknown[] => {
      const [frame] = stackFrames;
      return [frame?.functionName, frame?.fileName, frame?.lineNumber];
    };
    const place = (): unknown[] => [name, file, positionOf(project, file, text).line];
    const times = ({ breadcrumbs }: ReplayStackEvent): number =>
      outline(breadcrumbs).filter((crumb) => crumb === `${name}!`).length;

    test('a bug is found where its source is', { timeout: 120_000 }, async () => {
      const event = await visit('first');
      expect(event).toMatchObject({ statusCode, errorName, metadata: expected });
      expect(times(event)).toBe(1);
      expect(placeOf(event)).toEqual(place());
    });

    if (page)
      test('what is told of a page that fails is not read behind its back', async () => {
        await send(service.url, { path: page?.path ?? '' });
        await receiver.waitFor(({ eventType }) => eventType === 'custom');
        expect(service.stdout() + service.stderr()).not.toContain(page?.complaint);
      });

    test('what is edited is instrumented once more, and once only', { timeout: 120_000 }, async () => {
      project.edit(file, declaration, `// Has moved.\n${declaration}`);
      const [, , line] = place();
      const isMoved = ({ stackFrames = [] }: ReplayStackEvent): boolean =>
        stackFrames[0]?.lineNumber === line;
      // Until the watcher has seen the file, the former code answers, or nobody: Nitro leaves a request for ever that comes while it
      // changes workers, without us as well.
      for (let attempt = 0; attempt < 200 && !receiver.events.some(isMoved); attempt++) {
        const headers = { 'x-trace-id': `edited-${attempt}` };
        await send(service.url, { path, headers, signal: AbortSignal.timeout(3000) }).catch(() => {});
        await sleep(250);
      }
      const moved = receiver.events.filter(isMoved);
      expect(new Set(moved.map(({ traceId }) => traceId)).size).toBe(moved.length);
      expect(moved.slice(0, 1).map(placeOf)).toEqual([place()]);
      expect(moved.slice(0, 1).map(times)).toEqual([1]);
    });
  },
);
