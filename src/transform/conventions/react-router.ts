/**
 * React Router in framework mode: loaders and actions, in whichever modules its configuration names, and what makes pages, which comes
 * with it unless the application has its own.
 */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const OWN_ENTRY = /(?:^|\/)entry\.server(?:\.node)?\.[jt]sx?$/;
const DEFAULT_ENTRY = /@react-router\/dev\/dist\/config\/defaults\/entry\.server\.node\.tsx$/;

export const reactRouter: Convention = {
  name: 'react-router',
  vitePlugin: 'react-router',
  hint: /\b(?:loader|action|ServerRouter)\b/,
  entries: [
    { route: () => '', names: /^(?:loader|action)$/, hook: 'reactRouterEntry' },
    { route: at(DEFAULT_ENTRY), names: /^default$/, hook: 'reactRouterPage', internal: true },
    { route: at(OWN_ENTRY), names: /^default$/, hook: 'reactRouterPage' },
  ],
  start: 'reactRouterModule',
  from: RUNTIME_MODULE,
};

function at(place: RegExp): (file: string) => string | undefined {
  return (file) => (place.test(file) ? '' : undefined);
}
