/**
 * Every fixture is transformed, compared with the output beside it, and run: as it was written, with hooks that sleep, and
 * with hooks that record. All three must show the same.
 *
 *     UPDATE_FIXTURES=1 npx vitest run test/src/transform    writes the outputs
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransformResult } from '../../../src/transform/index.ts';
import { defaults, findFixtures, transform } from '../../support/transform-fixtures.ts';
import { misplacedIdentifiers } from '../../support/transform-map.ts';
import type { RunResult } from '../../support/transform-runner.ts';
import type { Workspace } from '../../support/transform-workspace.ts';
import { ACTIVE, createWorkspace } from '../../support/transform-workspace.ts';

const fixtures = findFixtures('transform', 'hostile');
const results = new Map<string, TransformResult | undefined>();
let workspace: Workspace;
let runs: Record<'input' | 'dormant' | 'active', Record<string, RunResult>>;

beforeAll(async () => {
  workspace = await createWorkspace();
  await Promise.all(
    fixtures.map(async (fixture) => {
      const result = await transform(fixture.input, `input${fixture.extension}`);
      results.set(fixture.name, result);
      const code = result?.output?.code ?? fixture.input;
      await workspace.add('input', fixture, fixture.input);
      await workspace.add('output', fixture, code);
      if (process.env['UPDATE_FIXTURES']) {
        writeFileSync(join(fixture.directory, `output${fixture.extension}`), code);
        fixture.output = code;
      }
    }),
  );
  const names = fixtures.map(({ name }) => name);
  const [input, dormant, active] = await Promise.all([
    workspace.run('input', names, {}),
    workspace.run('output', names, {}),
    workspace.run('output', names, ACTIVE),
  ]);
  runs = { input, dormant, active };
});

afterAll(() => workspace.remove());

describe.each(fixtures)('$name', (fixture) => {
  const { name, input, extension } = fixture;

  test('becomes the output beside it, and is not instrumented twice', async () => {
    const code = results.get(name)?.output?.code;
    expect(code).toBe(fixture.output);
    expect(await transform(code ?? '', `input${extension}`, defaults)).toBeUndefined();
  });

  test('keeps every line and every identifier where the map says', () => {
    const output = results.get(name)?.output;
    expect(output?.code.split('\n')).toHaveLength(input.split('\n').length);
    expect(misplacedIdentifiers(input, `input${extension}`, output?.code ?? '', output?.map)).toEqual([]);
  });

  test('behaves as before', () => {
    expect(runs.input[name]?.log.join('\n')).not.toMatch(/could not be run|scenario failed/);
    expect(runs.dormant[name]?.log).toEqual(runs.input[name]?.log);
    expect(runs.active[name]?.log).toEqual(runs.input[name]?.log);
  });

  test('has its calls recorded, and only where the runtime is awake', () => {
    const observed = results.get(name)?.targets.filter(({ kind }) => kind === 'function') ?? [];
    const names = (runs.active[name]?.recorded ?? []).map((call) => call.replace(/( ×\d+)?!?$/, ''));
    expect(observed.map((target) => target.name)).toEqual(expect.arrayContaining(names));
    // What happens in a request is recorded there.
    if (observed.length > 0 && !isServer(input)) expect(names).not.toEqual([]);
    expect(runs.dormant[name]?.recorded).toEqual([]);
  });
});

function isServer(text: string): boolean {
  return /elysia|express|fastify|hapi|hono|koa|polka|createServer|\bapp\??\.|cron|schedule/i.test(text);
}
