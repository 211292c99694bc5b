/** Maps that travel inside the code: those that a file brings along, and the only ones that esbuild-loader reads. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { build, type BuildResult, bundlerNames } from '../support/e2e-bundlers.ts';
import { createProject, positionOf } from '../support/e2e-project.ts';

/** Where the map of the output says that a text comes from; lines and columns from 1. */
function originOf({ files }: BuildResult, text: string): { source: string; line: number; column: number } {
  const [name = '', code = ''] = Object.entries(files).find(([, code]) => code.includes(text)) ?? [];
  const before = code.slice(0, code.indexOf(text)).split('\n');
  const map = new TraceMap(files[`${name}.map`] ?? '');
  const { source, line, column } = originalPositionFor(map, {
    line: before.length,
    column: (before.at(-1) ?? '').length,
  });
  return { source: source ?? '', line: line ?? 0, column: (column ?? 0) + 1 };
}

describe('esbuild-loader, which drops the maps of loaders before it', () => {
  const rule = { test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } };

  test.each([
    ['webpack', 'behind us', {}],
    ['webpack', 'before us', { enforce: 'pre' }],
    ['rspack', 'behind us', {}],
    ['rspack', 'before us', { enforce: 'pre' }],
  ] as const)(
    'still leads to the columns of the source with %s, %s, and leaves no map in the code',
    async (bundler, _, more) => {
      const project = createProject('orders-api');
      const result = await build(project, bundler, {
        entry: 'src/server.ts',
        minify: false,
        config: { module: { rules: [{ ...rule, ...more }] } },
      });
      for (const code of Object.values(result.files))
        expect(code).not.toMatch(/^\/\/# sourceMappingURL=data:/m);
      const bug = positionOf(project, 'src/services/discounts.ts', 'rule.percent');
      const origin = originOf(result, 'rule.percent');
      expect(origin).toMatchObject(bug);
      expect(origin.source).toContain('src/services/discounts.ts');
    },
  );
});

describe.each(bundlerNames)('a file that brings a map along, bundled by %s', (bundler) => {
  test('leads to where the bundler would look', async () => {
    const original =
      'export async function greet(name: string) {\n  await 0;\n  return fail(name as never);\n}\nconst fail = (name: never): never => { throw new Error(name); };\n';
    const compiled = transformSync(original, {
      loader: 'ts',
      sourcemap: 'inline',
      sourcefile: 'greet.original.ts',
      minifyWhitespace: true,
    }).code;
    const project = createProject('apps/readme', { 'src/greet.js': compiled });
    const result = await build(project, bundler, { entry: 'src/server.js', minify: false });
    const { source, line, column } = originOf(result, 'new Error(name)');
    // esbuild alone follows such maps; to the others the file is what lies on the disk.
    const place = `${source.split('/').at(-1)}:${line}:${column}`;
    const file = bundler === 'esbuild' ? original : compiled;
    expect(place).toBe(`${bundler === 'esbuild' ? 'greet.original.ts' : 'greet.js'}:${positionIn(file)}`);
  });
});

/** Line and column, from 1, of the error that is made. */
function positionIn(text: string): string {
  const before = text.slice(0, text.indexOf('new Error(name)')).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
