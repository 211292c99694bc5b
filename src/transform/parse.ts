/** From text to a syntax tree, whatever dialect the text is in. */
import { createRequire } from 'node:module';
import type * as babel from '@babel/parser';
import type { ParserOptions } from '@babel/parser';
import type { types as t } from '@babel/core';

/** A module that was understood. */
export interface ParsedModule {
  program: t.Program;
  /** In source order. */
  comments: readonly t.Comment[];
  file: t.File;
}

/** Where and why the parser gave up. Line from 1, column from 1. */
export interface ParseFailure {
  reason: string;
  line: number;
  column: number;
}

// With `import`, Node would first read through all of it for the names of its exports, which takes longer than to load it.
const { parse: babelParse } = createRequire(import.meta.url)('@babel/parser') as typeof babel;

type Plugins = NonNullable<ParserOptions['plugins']>;

const PROPOSALS: Plugins = [
  'decoratorAutoAccessors',
  'deferredImportEvaluation',
  'deprecatedImportAssert',
  'explicitResourceManagement',
  'sourcePhaseImports',
];

/** Decorators of TypeScript's old kind may stand before parameters; those of the standard may stand after `export`. */
const DECORATORS: Plugins[] = [['decorators-legacy'], ['decorators']];

/**
 * Parses a module by the extension of its file: TypeScript and JSX where the extension says so, JSX and, if that fails, Flow
 * in JavaScript. CommonJS and ES modules, scripts, hashbangs and byte order marks are all fine.
 *
 * @param file its name, for the extension
 */
export function parseModule(code: string, file: string): ParsedModule | ParseFailure {
  let failure: ParseFailure | undefined;
  for (const plugins of dialects(file, code)) {
    try {
      const ast = babelParse(code, {
        sourceType: /\.m[jt]s$/.test(file) ? 'module' : 'unambiguous',
        allowReturnOutsideFunction: true,
        allowUndeclaredExports: true,
        attachComment: false,
        plugins,
      });
      return { program: ast.program, comments: ast.comments ?? [], file: ast };
    } catch (error) {
      failure ??= toFailure(error);
    }
  }
  return failure ?? { reason: 'not a JavaScript module', line: 1, column: 1 };
}

function* dialects(file: string, code: string): Generator<Plugins> {
  const typescript = /\.[cm]?tsx?$/.test(file);
  const jsx = !/\.[cm]?ts$/.test(file);
  for (const decorators of DECORATORS) {
    yield [
      ...PROPOSALS,
      ...decorators,
      ...(typescript ? ['typescript' as const] : []),
      ...(jsx ? ['jsx' as const] : []),
    ];
    if (!code.includes('@')) break;
  }
  if (!typescript) yield [...PROPOSALS, 'decorators-legacy', 'jsx', 'flow'];
}

function toFailure(error: unknown): ParseFailure {
  const { message, loc } = error as { message?: string; loc?: { line: number; column: number } };
  return {
    // Babel repeats the position in the message: `Unexpected token (3:7)`.
    reason: String(message ?? error).replace(/ \(\d+:\d+\)$/, ''),
    line: loc?.line ?? 1,
    column: (loc?.column ?? 0) + 1,
  };
}
