/**
 * Hooks for what runs within Next.js, whose storage of requests they know.
 *
 * @module
 */
import { workUnitAsyncStorage } from 'next/dist/server/app-render/work-unit-async-storage.external.js';
import type { EntryHook, NextHook } from 'unplugin-replaystack/runtime';
import { openNextAction, openNextApi, openNextProxy, openNextRoute } from 'unplugin-replaystack/runtime';

/** Around a handler of `route.ts`. */
export const nextRoute: EntryHook = /* @__PURE__ */ bind(openNextRoute);

/** Around a handler in `pages/api`. */
export const nextApi: EntryHook = /* @__PURE__ */ bind(openNextApi);

/** Around the proxy. */
export const nextProxy: EntryHook = /* @__PURE__ */ bind(openNextProxy);

/** In a server function. */
export const nextAction: EntryHook = /* @__PURE__ */ bind(openNextAction);

// Next writes it in the place of this in all of its bundles.
declare const process: { env: { __NEXT_ROUTER_BASEPATH?: string } };

function bind(hook: NextHook): EntryHook {
  const basePath = typeof process === 'undefined' ? undefined : process.env.__NEXT_ROUTER_BASEPATH;
  const next = { getStore: () => workUnitAsyncStorage.getStore(), basePath };
  return ((names: string | readonly string[], route: string, target: unknown, args?: ArrayLike<unknown>) =>
    hook(next, names, route, target, args)) as EntryHook;
}
