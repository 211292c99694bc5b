import { describe, expect, it } from 'vitest';
import { EXPRESS_4, express4 } from '../../support/express.ts';
import { bundleProgram } from '../../support/program.ts';
import { describeExpressApps } from './conformance/express-apps.ts';
import { describeExpressRequests } from './conformance/express-requests.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(EXPRESS_4);
describeExpressApps('Express 4', express4);
describeExpressRequests('Express 4', express4);

describe('a handler of Express 4 that rejects', () => {
  it('ends the process as it does without us, wherever it is registered', async () => {
    await using program = await bundleProgram('express4-rejection.ts');
    for (const where of ['app', 'use', 'nobody', 'router', 'route']) {
      const plain = await program.run(['plain', where]);
      expect(plain.code).toBe(1);
      expect(plain.stderr).toContain('rejected in a handler');
      const modes = ['active', 'dormant'].map((mode) => program.run([mode, where]));
      expect(await Promise.all(modes)).toEqual([plain, plain]);
    }
  });
});
