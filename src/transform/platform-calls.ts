/** Calls by which a platform is given its handlers. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { boundNames, keyName, unwrapExpression, walk } from './ast.ts';
import type { Call } from './conventions/types.ts';
import { importedNames, requiredSource } from './loading.ts';

export interface PlatformCall {
  call: Call;
  /** The handler, or what holds handlers. */
  argument: Node;
  /** What it is registered for, where that is written down. */
  route: string;
}

/** @param known calls to look for */
export function findPlatformCalls(program: t.Program, known: readonly Call[] = []): PlatformCall[] {
  if (known.length === 0) return [];
  const found: PlatformCall[] = [];
  const imported = importsOf(program);
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return;
    const [first] = node.arguments;
    const argument = node.arguments.at(-1);
    const call = known.find((candidate) => isCallOf(node.callee, candidate, imported));
    if (call === undefined || argument === undefined || argument.type === 'SpreadElement') return;
    if (argument.type.endsWith('Literal')) return;
    const route = first?.type === 'StringLiteral' ? first.value : '';
    found.push({ call, argument, route });
  });
  return found;
}

/** Packages by what the module calls them, and what it has of them: `functions` or `http`. */
type Imports = ReadonlyMap<string, { source: string; name: string }>;

function importsOf(program: t.Program): Imports {
  const imports = new Map<string, { source: string; name: string }>();
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      for (const { local, imported } of importedNames(statement)) imports.set(local.name, imported);
    }
    if (statement.type !== 'VariableDeclaration' || statement.declare === true) continue;
    for (const { id, init } of statement.declarations) {
      const source = init && requiredSource(init);
      if (!source) {
        // What the module declares itself is not the platform's.
        for (const name of boundNames(id)) imports.set(name, { source: '', name });
      } else if (id.type === 'Identifier') imports.set(id.name, { source, name: '*' });
      else if (id.type === 'ObjectPattern') {
        for (const property of id.properties) {
          if (property.type === 'RestElement' || property.value.type !== 'Identifier') continue;
          const name = keyName(property.key, property.computed);
          if (name !== undefined) imports.set(property.value.name, { source, name });
        }
      }
    }
  }
  return imports;
}

function isCallOf(callee: Node, { of, name }: Call, imported: Imports): boolean {
  const target = unwrapExpression(callee);
  if (target.type === 'Identifier') {
    const { source, name: own } = imported.get(target.name) ?? {};
    return 'package' in of && source === of.package && own === name;
  }
  if (target.type !== 'MemberExpression' || target.object.type !== 'Identifier') return false;
  if (keyName(target.property, target.computed) !== name) return false;
  const { source, name: own } = imported.get(target.object.name) ?? {};
  if ('global' in of) return target.object.name === of.global && source === undefined;
  return source === of.package && (own === '*' || own === 'default');
}
