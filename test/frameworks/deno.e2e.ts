/** Deno, by `Deno.serve`. */
import { describeApplication } from '../support/e2e-application.ts';
import { binaries, checkConcurrent, describeWith } from './platforms.ts';
import { scenariosOn } from './scenarios/platforms.ts';

describeWith('deno', () => {
  describeApplication('an application on Deno', {
    app: 'apps/platforms',
    command: binaries.deno,
    args: (file) => ['run', '--allow-all', file],
    bundlers: ['esbuild'],
    request: { entry: 'src/serve-deno.ts' },
    scenarios: scenariosOn({ framework: 'deno', mapped: true }),
    // Nobody tells that a client has left.
    pieces: { path: '/pieces', metadata: { framework: 'deno' }, left: {} },
    concurrent: checkConcurrent,
  });
});
