/** What is registered through it is registered on the app, wrapped; what is no app is left to itself. */
import { Hono } from 'hono';
import type { Context, Next } from 'hono';
import { describe, expect, test } from 'vitest';
import { honoOwner } from '../../../runtime/adapters/hono-owner.ts';

const list = (c: Context): Response => c.text('list');
const pass = async (_c: Context, next: Next): Promise<void> => next();

describe('honoOwner', () => {
  test('registers wrapped handlers, and answers with the app', async () => {
    const app = new Hono();
    expect(honoOwner(app).get('/x', pass, list)).toBe(app);
    expect(app.routes.map(({ path, handler }) => [path, handler === pass || handler === list])).toEqual([
      ['/x', false],
      ['/x', false],
    ]);
    expect(await (await app.request('/x')).text()).toBe('list');
  });

  test('leaves alone what it is told to', () => {
    const app = new Hono();
    honoOwner(app, 1).get('/x', pass, list);
    expect(app.routes.map(({ handler }) => handler === pass)).toEqual([true, false]);
  });

  test('can be asked for anything that an app has', async () => {
    const app = new Hono().basePath('/v1');
    honoOwner(app).get('/x', list);
    expect(honoOwner(app).routes).toBe(app.routes);
    expect(await (await honoOwner(app).request('/v1/x')).text()).toBe('list');
    expect(honoOwner(Object.freeze(new Hono())).get).toBeTypeOf('function');
  });

  test.each([undefined, null, 1, {}, { get: list }, new Map(), () => {}])('hands back %s', (value) => {
    expect(honoOwner(value)).toBe(value);
  });
});
