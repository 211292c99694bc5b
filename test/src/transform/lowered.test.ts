/** H68: a later step may turn async functions into generators, ours included, and nothing else changes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFixtures, transform } from '../../support/transform-fixtures.ts';
import type { RunResult } from '../../support/transform-runner.ts';
import type { Workspace } from '../../support/transform-workspace.ts';
import { ACTIVE, createWorkspace } from '../../support/transform-workspace.ts';

const fixtures = findFixtures('transform/functions', 'transform/generators', 'transform/methods');
let workspace: Workspace;
let before: Record<string, RunResult>;
let after: Record<string, RunResult>;

beforeAll(async () => {
  workspace = await createWorkspace();
  for (const fixture of fixtures) {
    const result = await transform(fixture.input, `input${fixture.extension}`);
    await workspace.add('input', fixture, fixture.input, 'es2016');
    await workspace.add('output', fixture, result?.output?.code ?? '', 'es2016');
  }
  const names = fixtures.map(({ name }) => name);
  [before, after] = await Promise.all([
    workspace.run('input', names, {}),
    workspace.run('output', names, ACTIVE),
  ]);
});

afterAll(() => workspace.remove());

test.each(fixtures)('H68: $name behaves as before when it is lowered', ({ name }) => {
  expect(before[name]?.log.join('\n')).not.toMatch(/could not be run/);
  expect(after[name]?.log).toEqual(before[name]?.log);
});
