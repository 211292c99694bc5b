/** Whether a module takes `import` or `require`, and where in it the one goes that we add. */
import type { types as t } from '@babel/core';
import { walk } from './ast.ts';
import { requiredSource } from './loading.ts';
import type { ParsedModule } from './parse.ts';

export type ModuleKind = 'esm' | 'cjs';

/** By extension, then by what the module itself uses; undefined if nothing tells. */
export function moduleKind({ program }: ParsedModule, file: string): ModuleKind | undefined {
  // The parser says so of what has `import`, `export`, `import.meta` or `await` at its top.
  if (/\.m[jt]s$/.test(file) || program.sourceType === 'module') return 'esm';
  if (/\.c[jt]s$/.test(file)) return 'cjs';
  let kind: ModuleKind | undefined;
  walk(program, (node) => {
    if (requiredSource(node) !== undefined) kind = 'cjs';
    else if (node.type === 'MemberExpression' && node.object.type === 'Identifier') {
      if (/^(exports|module)$/.test(node.object.name)) kind = 'cjs';
    } else if (node.type === 'VariableDeclarator' && node.init?.type === 'Identifier') {
      if (node.init.name === 'exports') kind = 'cjs';
    }
    return kind === undefined;
  });
  return kind;
}

/** What a comment says of the very node behind it: to a minifier, to a coverage tool, to a type checker. */
const SPEAKS =
  /[@#]__(?:PURE|NO_SIDE_EFFECTS)__|\b(?:istanbul|[cv]8) ignore\b|@(?:type|param|returns?|template|this|satisfies|overload)\b/;

/**
 * Before the first statement, behind directives and comments, and on the statement's own line. Ours is then the first
 * module to be evaluated, whatever cycle this one is part of, and no line of the author's moves. A comment that says
 * something of the first statement stays directly before it.
 */
export function importPosition(program: t.Program, code: string, comments: readonly t.Comment[]): number {
  const [statement] = program.body;
  let at = statement?.start ?? code.length;
  for (;;) {
    const before = comments.findLast(({ end }) => (end ?? 0) <= at);
    if (before === undefined || !SPEAKS.test(before.value)) return at;
    if (code.slice(before.end ?? 0, at).trim() !== '') return at;
    at = before.start as number;
  }
}

/** The statement that makes hooks available, each under its local name. */
export function importStatement(
  kind: ModuleKind,
  source: string,
  hooks: ReadonlyMap<string, string>,
): string {
  const [between, open, close] =
    kind === 'esm' ? [' as ', 'import{', '}from'] : [':', 'const{', '}=require('];
  const names = [...hooks].map(([name, local]) => `${name}${between}${local}`).join(',');
  return `${open}${names}${close}${JSON.stringify(source)}${kind === 'esm' ? '' : ')'};`;
}
