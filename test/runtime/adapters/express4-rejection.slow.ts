import { expect, test } from 'vitest';
import { bundleProgram } from '../../support/program.ts';

test('a handler of Express 4 that rejects ends the process as it does without us, wherever it is registered', async () => {
  await using program = await bundleProgram('express4-rejection.ts');
  for (const where of ['app', 'use', 'nobody', 'router', 'route']) {
    const plain = await program.run(['plain', where]);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toContain('rejected in a handler');
    const modes = ['active', 'dormant'].map((mode) => program.run([mode, where]));
    expect(await Promise.all(modes)).toEqual([plain, plain]);
  }
});
