/** Vite's dev server: modules are served as they are instrumented, and replaced without being wrapped a second time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../src/receiver/index.ts';
import {
  checkEvent,
  checkFrames,
  headersOf,
  outline,
  passed,
  requestEvent,
  step,
} from '../support/e2e-event.ts';
import { type Answer, type Call, send } from '../support/e2e-http.ts';
import { createProject, type Project } from '../support/e2e-project.ts';
import { type Service, startService } from '../support/e2e-service.ts';

describe.each(['runner', 'ssrLoadModule'])('a Hono application served from source by %s', (loader) => {
  let project: Project;
  let receiver: Receiver;
  let service: Service;

  beforeAll(async () => {
    project = createProject('apps/hono');
    receiver = await startReceiver();
    service = await startService(project.dir, ['dev.mjs', loader], {
      NODE_ENV: 'production',
      REPLAYSTACK_API_KEY: 'rs_test',
      REPLAYSTACK_ENDPOINT: receiver.url,
    });
  });

  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  });

  const eventsOf = async ({ headers }: Answer) => {
    await receiver.waitFor(({ traceId }) => traceId === headers['x-trace-id']);
    return receiver.events.filter(({ traceId }) => traceId === headers['x-trace-id']);
  };

  test('a request is one event, as from a bundle', async () => {
    const call: Call = { path: '/v1/notes/99' };
    const answer = await send(service.url, call);
    expect(answer.status).toBe(500);
    const [event, ...others] = await eventsOf(answer);
    expect(others).toEqual([]);
    const get = ['src/notes.ts', "notes.get('/:id', async"] as const;
    const read = ['src/store.ts', 'export const read'] as const;
    const errorMessage = "Cannot read properties of undefined (reading 'text')";
    const error = { error: `TypeError: ${errorMessage}` };
    const everything = ['src/app.ts', 'async (_, next) => {'] as const;
    const own = {
      responseHeaders: headersOf(answer),
      responsePayload: { error: errorMessage },
      errorName: 'TypeError',
      errorMessage,
      breadcrumbs: [
        step(project, 'use *', everything),
        step(project, 'GET /:id', get, error),
        step(project, 'read', read, error),
      ],
      metadata: {
        framework: 'hono',
        route: '/v1/notes/:id',
        handled: true,
        trail: [passed(project, 'read', read, { id: '99' }), passed(project, 'GET /:id', get)],
      },
    };
    if (event === undefined) throw new Error('There is none');
    checkEvent(event, requestEvent(project, service.url, call, answer, own));
    // ssrLoadModule gives positions in what it made of the modules, and keeps no maps.
    if (loader !== 'runner') return;
    checkFrames(project, event, [
      { functionName: 'load', file: 'src/store.ts', at: 'saved.get(id)!.text' },
      { file: 'src/store.ts', at: 'await load(' },
      { file: 'src/notes.ts', at: 'await store.read(' },
      { file: 'src/app.ts', at: 'await next()' },
    ]);
  });

  test('a module that is edited is instrumented once more, and wrapped once', async () => {
    project.edit('src/store.ts', 'export const read = async', 'export const fetchNote = async');
    project.edit('src/notes.ts', 'store.read(', 'store.fetchNote(');
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await send(service.url, { path: '/v1/notes/1' });
      const [event, ...others] = await eventsOf(answer);
      expect(others).toEqual([]);
      const crumbs = outline(event?.breadcrumbs);
      // Until the watcher has seen both files, the former code answers.
      if (crumbs.includes('fetchNote')) {
        expect(answer.status).toBe(200);
        expect(crumbs).toEqual([
          'HTTP request started',
          'use *',
          'GET /:id',
          'fetchNote',
          'HTTP request finished',
        ]);
        return;
      }
      await sleep(100);
    }
    throw new Error('The edit was never taken up');
  });
});
