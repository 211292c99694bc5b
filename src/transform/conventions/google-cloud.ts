/** Google Cloud: functions that are registered with its framework. Which export is one otherwise, the deployment alone knows. */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const of = { package: '@google-cloud/functions-framework' };

export const googleCloud: Convention = {
  name: 'google-cloud',
  hint: /@google-cloud\/functions-framework/,
  entries: [],
  calls: [
    { of, name: 'http', hook: 'googleHttp' },
    { of, name: 'cloudEvent', hook: 'googleCloudEvent' },
  ],
  from: RUNTIME_MODULE,
};
