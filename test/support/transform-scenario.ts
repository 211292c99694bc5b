/** What a fixture's program does, and how everything that can be seen of it is written down. Runs in a child process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { types } from 'node:util';
import { describe, reflect } from './transform-describe.ts';

/** What a `run.ts` gets to work with, beside the module. */
export interface Tools {
  /** Writes down any value: text by text, errors by name and message, functions by their reflection. */
  log(...values: unknown[]): void;
  /** Calls, and writes down what comes of it: a value, a throw, a promise with the microtasks it took, an iterator's values. */
  call(label: string, body: () => unknown): Promise<unknown>;
  /** Serves a Node listener or a Hono app, and gives what fetches from it: `GET /path`. */
  serve(app: unknown): Promise<(request: string, init?: RequestInit) => Promise<void>>;
}

export type Scenario = (module: Record<string, unknown>, tools: Tools) => unknown;

/** Runs a scenario; a module without one has all that it exports looked at and called. */
export async function runScenario(
  module: Record<string, unknown>,
  scenario: Scenario | undefined,
): Promise<string[]> {
  const entries: string[] = [];
  const closing: (() => void)[] = [];
  const log = (...values: unknown[]): void =>
    void entries.push(values.map((value) => describe(value)).join(' '));
  const onUnhandled = (error: unknown): void => log('unhandled rejection', error);
  process.on('unhandledRejection', onUnhandled);
  try {
    const tools: Tools = {
      log,
      call: (label, body) => call(log, label, body),
      serve: (app) => serve(log, app, closing),
    };
    log('exports', Object.keys(module));
    for (const [name, value] of Object.entries(module)) log(name, '=', reflect(value));
    if (scenario === undefined) await callEverything(module, tools);
    else await scenario(module, tools);
  } catch (error) {
    log('the scenario failed', error);
  }
  // Rejections count as unhandled when all microtasks have run.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => void setImmediate(resolve));
  process.off('unhandledRejection', onUnhandled);
  for (const close of closing) close();
  return entries;
}

async function callEverything(holder: object, tools: Tools, path = '', depth = 0): Promise<void> {
  for (const key of Reflect.ownKeys(holder)) {
    const label = path + String(key);
    const value: unknown = Reflect.getOwnPropertyDescriptor(holder, key)?.value;
    if (/(^|\.)(constructor|prototype|length|name|caller|arguments)$/.test(label)) continue;
    if (typeof value === 'function' && isClass(value)) {
      await callEverything(value, tools, `${label}.`, depth + 1);
      const instance = Reflect.construct(value as new () => object, []) as object;
      for (const target of [instance, Object.getPrototypeOf(instance) as object]) {
        await callEverything(new Bound(target, instance), tools, `new ${label}.`, depth + 1);
      }
    } else if (typeof value === 'function') {
      const self = holder instanceof Bound ? holder.self : holder;
      await tools.call(label, () => Reflect.apply(value, path === '' ? undefined : self, [2, 'b']));
    }
    if (
      (typeof value === 'object' || typeof value === 'function') &&
      value !== null &&
      depth < 3 &&
      !isClass(value)
    ) {
      await callEverything(value, tools, `${label}.`, depth + 1);
    }
  }
}

/** The methods of a prototype, to be called on an instance. */
class Bound {
  declare readonly self: object;
  constructor(target: object, self: object) {
    Object.defineProperties(this, Object.getOwnPropertyDescriptors(target));
    Object.defineProperty(this, 'self', { value: self, enumerable: false });
    Reflect.deleteProperty(this, 'constructor');
  }
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

const MANY_TICKS = 60;

async function call(log: Tools['log'], label: string, body: () => unknown): Promise<unknown> {
  let ticks = 0;
  const tick = (): void => void (ticks++ < MANY_TICKS && queueMicrotask(tick));
  const after = (): string => (ticks > MANY_TICKS ? 'later' : `after ${ticks} ticks`);
  let result: unknown;
  try {
    queueMicrotask(tick);
    result = body();
  } catch (error) {
    log(label, 'threw', error);
    return undefined;
  }
  if (result instanceof Promise) {
    return result.then(
      (value: unknown) => (log(label, 'fulfilled', after(), value), value),
      (error: unknown) => log(label, 'rejected', after(), error),
    );
  }
  if (types.isGeneratorObject(result)) {
    const iterator = result as unknown as AsyncGenerator<unknown, unknown>;
    for (let count = 0; count < 10; count++) {
      const step = await Promise.resolve(iterator.next(count)).catch((error: unknown) => ({ thrown: error }));
      log(label, 'gave', after(), step);
      if ('thrown' in step || step.done) break;
    }
    return result;
  }
  log(label, 'returned', result);
  return result;
}

async function serve(
  log: Tools['log'],
  app: unknown,
  closing: (() => void)[],
): Promise<(request: string, init?: RequestInit) => Promise<void>> {
  const report = async (request: string, response: Response): Promise<void> => {
    log(
      request,
      '→',
      response.status,
      response.headers.get('location') ?? '',
      firstLine(await response.text()),
    );
  };
  if (typeof app === 'object' && app !== null && 'fetch' in app) {
    const { fetch } = app as { fetch: (request: Request) => Promise<Response> };
    return async (request, init) => {
      const [method = 'GET', path = '/'] = request.split(' ');
      await report(request, await fetch(new Request(`http://localhost${path}`, { method, ...init })));
    };
  }
  const server = createServer(app as never);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return async (request, init) => {
    const [method = 'GET', path = '/'] = request.split(' ');
    const url = `http://127.0.0.1:${port}${path}`;
    await report(request, await fetch(url, { method, redirect: 'manual', ...init }));
  };
}

/** Error pages hold stacks, and stacks hold paths. */
function firstLine(text: string): string {
  return text.replace(/(<br>|\\n|\n) *&nbsp;.*|\n\s+at .*/s, '');
}
