/** SvelteKit: each request, of a page, an endpoint or an action, goes through the hooks that a module of its own making holds. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

export const sveltekit: Convention = {
  name: 'sveltekit',
  vitePlugin: 'vite-plugin-sveltekit-compile',
  hint: /\bget_hooks\b/,
  entries: [
    {
      route: (file) => (/(?:^|\/)generated\/server\/internal\.js$/.test(file) ? '' : undefined),
      names: /^options$/,
      hook: 'svelteKitOptions',
      internal: true,
    },
  ],
  from: RUNTIME_MODULE,
};
