/**
 * Some loaders check types, and see the transformed text: it must not hold an error that the author's text does not. Above
 * all, handlers must keep the types that their parameters get from where they stand.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { findFixtures, root, transform } from '../../support/transform-fixtures.ts';

const fixtures = findFixtures('transform', 'hostile').filter(({ extension }) => /tsx?$/.test(extension));

const STRICT: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  allowUnreachableCode: false,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.esnext.decorators.d.ts'],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  types: ['node'],
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  paths: {
    '#platform': [join(root, 'runtime/platform/node.ts')],
    'unplugin-replaystack/runtime': [join(root, 'runtime/index.ts')],
    'unplugin-replaystack/runtime/build': [join(root, 'runtime/build.ts')],
  },
};

function createProgram(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.Program {
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, onError, create) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, language, onError, create)
      : ts.createSourceFile(file, text, language, true);
  };
  return ts.createProgram([...texts.keys()], { ...STRICT, ...options }, host);
}

/** What the checker says of each of these texts, as `TS2345 <message>`. */
function check(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): Map<string, string[]> {
  const program = createProgram(texts, options);
  return new Map(
    [...texts.keys()].map((file) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      const toText = ({ code, messageText }: ts.Diagnostic): string =>
        `TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      return [file, found.map(toText)];
    }),
  );
}

describe('types', () => {
  const found = new Map<string, string[]>();

  beforeAll(async () => {
    const ordinary = new Map<string, string>();
    const decorated = new Map<string, string>();
    for (const { directory, extension, input } of fixtures) {
      const texts = existsSync(join(directory, 'tsconfig.json')) ? decorated : ordinary;
      const result = await transform(input, `input${extension}`);
      texts.set(join(directory, `input${extension}`), input);
      texts.set(join(directory, `checked${extension}`), result?.output?.code ?? input);
    }
    for (const [file, errors] of check(ordinary, STRICT)) found.set(file, errors);
    for (const [file, errors] of check(decorated, { ...STRICT, experimentalDecorators: true }))
      found.set(file, errors);
  });

  test.each(fixtures)('$name has no error that it did not have', ({ directory, extension }) => {
    const before = [...(found.get(join(directory, `input${extension}`)) ?? [])];
    const added = found.get(join(directory, `checked${extension}`))?.filter((error) => {
      const at = before.indexOf(error);
      if (at >= 0) before.splice(at, 1);
      return at < 0;
    });
    expect(added).toEqual([]);
  });
});

test('what is returned has the type that it had, also where nobody knows those of the runtime', async () => {
  const texts = new Map<string, string>();
  const observed = fixtures.filter(({ name }) =>
    /^transform\/(functions|methods\/.*class|types\/what)/.test(name),
  );
  for (const { directory, extension, input } of observed) {
    const result = await transform(input, `input${extension}`);
    const code = result?.output?.code ?? input;
    texts.set(join(directory, `input${extension}`), input);
    texts.set(
      join(directory, `checked${extension}`),
      code.replaceAll('unplugin-replaystack', 'nobody-knows'),
    );
  }
  const program = createProgram(texts, { noEmit: false, declaration: true });
  const declared = (file: string): string => {
    let text = '';
    program.emit(program.getSourceFile(file), (_, written) => (text = written), undefined, true);
    return text;
  };
  expect(observed.length).toBeGreaterThan(5);
  for (const { directory, extension } of observed) {
    const [before, after] = ['input', 'checked'].map((name) => declared(join(directory, name + extension)));
    expect(after).toBe(before);
  }
});

test.each([{ verbatimModuleSyntax: true }, { isolatedModules: true }, {}])(
  'H56: the import of the runtime is one of values, and stays when types are stripped with %j',
  async (options) => {
    const code = "import type { A } from 'a';\nexport const f = async (a: A) => g(a);\n";
    const { output } = (await transform(code)) ?? {};
    const { outputText } = ts.transpileModule(output?.code ?? '', {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, ...options },
    });
    expect(outputText).toMatch(/import \{ enter as \$rsEnter, .*\} from ?"unplugin-replaystack\/runtime"/);
    expect(outputText).not.toContain("'a'");
  },
);
