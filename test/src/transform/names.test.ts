/** H33: names that we write are none of the module's, and are the same for the same text. */
import fc from '../../support/properties.ts';
import { describe, expect, test } from 'vitest';
import { chooseNames, isInstrumented } from '../../../src/transform/names.ts';
import { transform } from '../../support/transform-fixtures.ts';

describe('names', () => {
  test('H33: begin with a text that the module does not contain', () => {
    const text = fc
      .array(fc.constantFrom('$rs', '$rs1', '$rs2', '$rs11', '$r', 's', '1', ' '))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (code) => {
        const names = chooseNames(code);
        const all = [names.call, names.error, names.hook('enter'), names.hook('enter', 1)];
        for (const name of all) expect(code).not.toContain(name);
        expect(new Set(all).size).toBe(all.length);
        expect(chooseNames(code).call).toBe(names.call);
      }),
    );
  });

  test('are short where nothing stands in the way', () => {
    const { call, error, hook } = chooseNames('');
    expect([call, error, hook('enter'), hook('enter', 2)]).toEqual([
      '$rs',
      '$rs_error',
      '$rsEnter',
      '$rsEnter_2',
    ]);
  });

  test('tell hooks apart that two modules export under one name', async () => {
    const own = {
      name: 'own',
      packages: ['own'],
      factories: [{ export: 'default', by: 'call', app: false }],
      types: [],
      methods: ['get'],
      chains: [],
      receivers: /^own$/,
      hooks: { handler: 'enter', from: 'replaystack-own' },
    } as const;
    const code = `import own from 'own';\nown().get(handler);\nexport const f = async () => load();\n`;
    const result = await transform(code, 'a.js', { recognisers: [own] });
    expect(result?.output?.code).toContain('import{enter as $rsEnter_1}from"replaystack-own";');
    expect(result?.output?.code).toContain('import{enter as $rsEnter,');
    expect(result?.output?.code).toContain('own().get($rsEnter_1(true,handler))');
    expect(result?.output?.code).toContain('async () =>{const $rs=$rsEnter("a.js:3:f")');
  });
});

describe('a module that was instrumented before', () => {
  const code = 'export const f = async () => load();\n';

  test.each(['a.mjs', 'a.cjs'])('is told by its imports: %s', async (file) => {
    const source = file === 'a.mjs' ? code : 'exports.f = async () => load();\n';
    const once = (await transform(source, file))?.output?.code ?? '';
    expect(isInstrumented(once)).toBe(true);
    expect(await transform(once, file)).toBeUndefined();
    // Printed anew by another tool.
    expect(isInstrumented(once.replaceAll(',', ', ').replaceAll('{', '{ ').replaceAll(':', ' : '))).toBe(
      true,
    );
  });

  test('is not one that uses the runtime for itself', async () => {
    const own = `import { ReplayStackClient } from 'unplugin-replaystack/runtime';\nexport const client = new ReplayStackClient();\n`;
    expect(isInstrumented(own)).toBe(false);
    expect((await transform(own + code))?.targets).toHaveLength(1);
  });
});
