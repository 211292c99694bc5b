/** Netlify: functions and edge functions. Those of the old style, which export a `handler`, are AWS Lambda's. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const FILE = /^netlify\/(?:edge-)?functions\/(?:.*\/)?([^/]+)\.[cm]?[jt]sx?$/;

export const netlify: Convention = {
  name: 'netlify',
  hint: /@netlify\/|\bexport\s+default\s+(?:async\b|function\b|handler\b|\()|\bas\s+default\b/,
  entries: [
    { route: (file) => (FILE.test(file) ? '' : undefined), names: /^default$/, hook: 'netlifyHandler' },
  ],
  from: RUNTIME_MODULE,
};
