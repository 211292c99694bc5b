/** React Router in framework mode: loaders and actions, in whichever modules its configuration names. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

export const reactRouter: Convention = {
  name: 'react-router',
  vitePlugin: 'react-router',
  hint: /\b(?:loader|action)\b/,
  entries: [{ route: () => '', names: /^(?:loader|action)$/, hook: 'reactRouterEntry' }],
  start: 'reactRouterModule',
  from: RUNTIME_MODULE,
};
