/** How a module comes by what others export: `require`, and `import` at its top or in its midst. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';

/** What a module has from another. */
export interface Import {
  source: string;
  name: string;
}

/** The source of `require('source')`. */
export function requiredSource(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') {
    return undefined;
  }
  const [source] = node.arguments;
  return source?.type === 'StringLiteral' ? source.value : undefined;
}

/** What TypeScript and Babel compile a default or namespace import to: `__importDefault(require('source'))`. */
const INTEROP = /^_+(?:importDefault|importStar|interopRequireDefault|interopRequireWildcard)$/;

function withoutInterop(node: Node): Node {
  if (node.type !== 'CallExpression' || node.arguments[0] === undefined) return node;
  const { callee } = node;
  const called = callee.type === 'MemberExpression' ? callee.property : callee;
  return called.type === 'Identifier' && INTEROP.test(called.name) ? node.arguments[0] : node;
}

/** What `require('source')` and `await import('source')` give. */
export function loadedModule(node: Node): Import | undefined {
  const required = requiredSource(withoutInterop(node));
  if (required !== undefined) return { source: required, name: 'default' };
  if (node.type !== 'AwaitExpression' || node.argument.type !== 'CallExpression') return undefined;
  const { callee, arguments: args } = node.argument;
  return callee.type === 'Import' && args[0]?.type === 'StringLiteral'
    ? { source: args[0].value, name: '*' }
    : undefined;
}

/** What a declaration imports, by the local names. */
export function* importedNames(
  node: t.ImportDeclaration,
): Generator<{ local: t.Identifier; imported: Import }> {
  for (const specifier of node.specifiers) {
    let name = '*';
    if (specifier.type === 'ImportDefaultSpecifier') name = 'default';
    else if (specifier.type === 'ImportSpecifier') {
      name = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
    }
    yield { local: specifier.local, imported: { source: node.source.value, name } };
  }
}
