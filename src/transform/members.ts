/** What the names of a module's top level stand for, and what values can be or hold that are written down there. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { keyName, unwrapExpression } from './ast.ts';

/** What an object that is written down has under such names; undefined if it is none, or has nothing of the kind. */
export function membersOf(program: t.Program, node: Node, wanted: RegExp): Node[] | undefined {
  const declared = (value: Node): Node =>
    unwrapExpression((value.type === 'Identifier' && findDeclared(program, value.name)) || value);
  const object = declared(unwrapExpression(node));
  if (object.type !== 'ObjectExpression') return undefined;
  const members = object.properties.flatMap((property): Node[] => {
    if (property.type === 'SpreadElement') return [];
    if (!wanted.test(keyName(property.key, property.computed) ?? '')) return [];
    return [property.type === 'ObjectMethod' ? property : declared(unwrapExpression(property.value))];
  });
  return members.length > 0 ? members : undefined;
}

/** The function that a name of the module's top level is declared as, or the value that it is declared with. */
export function findDeclared(program: t.Program, name: string): Node | undefined {
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' && statement.id?.name === name) return statement;
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && id.name === name && init) return init;
    }
  }
  return undefined;
}

/** Types, overloads, classes and literals. */
export function isNoHandler(node: Node): boolean {
  const { type } = unwrapExpression(node);
  return /^(TS|Class|Interface)|Literal$/.test(type) || type === 'ObjectExpression';
}
