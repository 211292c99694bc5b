/** The prefilter may let a module through in vain, but must never hold one back in which the rest would find something. */
import fc from '../../support/properties.ts';
import { describe, expect, test } from 'vitest';
import { recognisers } from '../../../src/transform/frameworks/index.ts';
import type { Recogniser } from '../../../src/transform/frameworks/types.ts';
import { parseModule } from '../../../src/transform/parse.ts';
import { planModule } from '../../../src/transform/plan.ts';
import { findPragmas } from '../../../src/transform/pragmas.ts';
import { jobs } from '../../../src/transform/jobs/index.ts';
import type { JobRecogniser } from '../../../src/transform/jobs/types.ts';
import type { Prefilter } from '../../../src/transform/prefilter.ts';
import { createPrefilter, isGenerated } from '../../../src/transform/prefilter.ts';
import { defaults, findFixtures } from '../../support/transform-fixtures.ts';

const restana: Recogniser = {
  name: 'restana',
  packages: ['restana'],
  factories: [{ export: 'default', by: 'call', app: true }],
  types: ['Restana'],
  methods: ['get', '$handle', 'add'],
  chains: [],
  receivers: /^server$/,
  hooks: { app: 'restanaApp', handler: 'restanaHandler', from: 'replaystack-restana' },
};

/** What may stand between two tokens. */
const gap = fc.constantFrom('', ' ', '\n', '/* . ( */', '\n// .get(\n', ' /**/ ', '\u2028');
const spaced = (...tokens: string[]): fc.Arbitrary<string> =>
  fc
    .array(gap, { minLength: tokens.length, maxLength: tokens.length })
    .map((gaps) => tokens.map((token, index) => token + gaps[index]).join(''));

const statement = fc.oneof(
  spaced('export ', 'async function ', 'f', '(', ')', '{', 'await 1', '}'),
  spaced('export ', 'const ', 'g', '=', 'async', '(', ')', '=>', 'load', '(', ')', ';'),
  spaced('class A ', '{', 'async ', 'm', '(', ')', '{', 'await 1', '}', '}'),
  spaced('export ', '{', 'A', '}', ';'),
  spaced('module', '.', 'exports', '=', '{', 'async ', 'f', '(', ')', '{', 'await 1', '}', '}', ';'),
  spaced('exports', '[', '"h"', ']', '=', 'async ', 'function', '(', ')', '{', 'await 1', '}', ';'),
  spaced('import ', 'express ', 'from ', '"express"', ';'),
  spaced('const ', 'app', '=', 'express', '(', ')', ';'),
  spaced('const ', 'hono', '=', 'new ', '(', 'require', '(', "'hono'", ')', '.', 'Hono', ')', ';'),
  spaced('app', '.', 'get', '(', '"/x"', ',', 'handler', ')', ';'),
  spaced('router', '.', 'use', '<', 'T', '>', '(', '"/x"', ',', 'handler', ')', ';'),
  spaced('app', '.', 'route', '(', '"/x"', ')', '.', 'all', '(', 'handler', ')', ';'),
  spaced('server', '.', '$handle', '(', '"/x"', ',', 'handler', ')', ';'),
  spaced('app', '.', 'on', '(', '"PURGE"', ',', '"/x"', ',', 'handler', ')', ';'),
  spaced('app', '.', 'onError', '(', 'handler', ')', ';'),
  spaced('import ', '{', 'Worker', '}', 'from ', '"bullmq"', ';'),
  spaced('new ', 'Worker', '(', '"q"', ',', 'job', ')', ';'),
  spaced('boss', '.', 'work', '(', '"q"', ',', 'job', ')', ';'),
  spaced('consumer', '.', 'run', '(', '{', 'eachMessage', '}', ')', ';'),
  spaced('/* @replaystack-cron */ ', 'setInterval', '(', 'job', ',', '9', ')', ';'),
  spaced('/* @replaystack-capture */ ', 'function ', 's', '(', ')', '{', 'call', '(', ')', '}'),
  spaced('const ', 'plain', '=', '(', ')', '=>', '1', ';'),
);

/** What a statement is without the gaps: two of a kind would declare the same name twice. */
const kindOf = (text: string): string => text.replace(/\/\*.*?\*\/|\/\/.*|\s/g, '').slice(0, 12);

const modules = fc
  .uniqueArray(statement, { minLength: 1, maxLength: 5, selector: kindOf })
  .map((statements) => statements.join('\n'));

/** Lets everything through, so that what is found is found without the prefilter. */
const everything: Prefilter = {
  patterns: [],
  mayHoldTargets: () => true,
  mayRegister: () => true,
  mayRegisterJobs: () => true,
};

const isJob = (one: Recogniser): one is JobRecogniser => 'takes' in one;

const prefilterOf = (known: readonly Recogniser[]): Prefilter =>
  createPrefilter({
    recognisers: known.filter((one) => !isJob(one)),
    jobs: known.filter(isJob),
    conventions: defaults.conventions,
  });

const mayHoldTargets = (code: string, known: readonly Recogniser[]): boolean =>
  prefilterOf(known).mayHoldTargets(code, 'module.ts');

async function holdsSomething(code: string, file: string, known: readonly Recogniser[]): Promise<boolean> {
  const module = parseModule(code, file);
  if ('reason' in module) return false;
  const pragmas = findPragmas(code, module);
  const options = {
    ...defaults,
    recognisers: known.filter((one) => !isJob(one)),
    jobs: known.filter(isJob),
  };
  const plan = planModule(code, file, module, pragmas, { ...options, prefilter: everything });
  expect(planModule(code, file, module, pragmas, { ...options, prefilter: prefilterOf(known) })).toEqual(
    plan,
  );
  return plan.targets.length + plan.skipped.length + pragmas.length > 0;
}

function passesFilter(code: string, known: readonly Recogniser[]): boolean {
  return prefilterOf(known).patterns.some((test) =>
    typeof test === 'string' ? code.includes(test) : test.test(code),
  );
}

describe('the prefilter', () => {
  test.each([
    ['no recognisers', []],
    ['ours', recognisers],
    ["ours and the user's own", [...recognisers, restana]],
    ['jobs', jobs],
    ['everything', [...recognisers, ...jobs]],
  ] as const)('never rejects what the rest would take, with %s', async (_, known) => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(modules, fc.constantFrom('a.ts', 'a.js', 'a.cjs'), async (code, file) => {
        if (!(await holdsSomething(code, file, known))) return;
        found++;
        expect(mayHoldTargets(code, known)).toBe(true);
        expect(passesFilter(code, known)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(50);
  });

  test('lets every fixture through', () => {
    const all = [...recognisers, ...jobs];
    for (const { name, input } of findFixtures('transform', 'hostile')) {
      expect([name, mayHoldTargets(input, all), passesFilter(input, all)]).toEqual([name, true, true]);
    }
  });

  test('holds back what has nothing to do with us', () => {
    for (const code of [
      'export const a = 1;',
      'async function f() { await 1 }',
      'const map = new Map(); map.set("get", 1); exports = 2;',
      'import { x } from "expressive"; x.getAll(); x.used();',
      'const seen = new Map(); seen.get(id); approve.delete(id); await Promise.all(seen)',
    ]) {
      expect([code, mayHoldTargets(code, [...recognisers, ...jobs])]).toEqual([code, false]);
    }
  });

  test('is soon done with dots before comments, in rows or one after the other', () => {
    const all = [...recognisers, ...jobs];
    for (const comments of [
      '/'.repeat(200),
      '/* a */ '.repeat(200),
      '//\n'.repeat(200),
      '/**/'.repeat(200),
    ]) {
      expect(mayHoldTargets(`// The end.\n${comments}\nlet a;`, all)).toBe(false);
      expect(mayHoldTargets(`f(...${comments}(g) => g)`, all)).toBe(false);
      expect(mayHoldTargets(`app.${comments}\nget("/x", handler)`, all)).toBe(true);
    }
  });

  test('asks for nothing but exported functions when there are no recognisers', () => {
    expect(mayHoldTargets('app.get("/x", handler)', [])).toBe(false);
    expect(passesFilter('app.get("/x", handler)', [])).toBe(false);
  });

  test('takes very long lines and very long files for generated', () => {
    expect(isGenerated('short')).toBe(false);
    expect(isGenerated(`a();${'b();'.repeat(2_000)}`)).toBe(true);
    expect(isGenerated('a();\n'.repeat(2_000))).toBe(false);
    expect(isGenerated('a();\n'.repeat(200_001))).toBe(true);
    // A small file on one line may well have been written like that.
    expect(isGenerated('a();'.repeat(1_000))).toBe(false);
  });
});
