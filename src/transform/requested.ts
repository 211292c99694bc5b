/** Functions that a `@replaystack-capture` pragma asks for: exported or not, async or not. */
import type { types as t } from '@babel/core';
import type { FunctionNode, Node } from './ast.ts';
import { isFunction, keyName, walk } from './ast.ts';
import type { Pragma } from './pragmas.ts';
import type { FunctionTarget } from './targets.ts';

type Parents = ReadonlyMap<Node, Node>;

/**
 * The functions that the pragmas ask for: those that begin in what a pragma is about and lie in no other function of it.
 *
 * @param exported the exported functions, whose names are better than what can be told from where they stand
 */
export function findRequestedFunctions(
  program: t.Program,
  pragmas: readonly Pragma[],
  exported: readonly FunctionTarget[],
): FunctionTarget[] {
  const requests = pragmas.filter(({ name }) => name === '@replaystack-capture');
  if (requests.length === 0) return [];
  const parents = new Map<Node, Node>();
  walk(program, (node, parent) => {
    if (parent) parents.set(node, parent);
  });
  const names = new Map(exported.map(({ node, name }) => [node as Node, name]));
  return requests.flatMap((requested) => {
    const targets: FunctionTarget[] = [];
    if (requested.node === undefined) return targets;
    walk(requested.node, (node) => {
      if (!isFunction(node)) return true;
      if (!('kind' in node) || node.kind === 'method') {
        const name = names.get(node) ?? nameOf(node, parents);
        targets.push({ node, name, method: 'key' in node, requested });
      }
      return false;
    });
    return targets;
  });
}

/** What the code around a function, class or object calls it. */
export function nameOf(node: Node, parents: Parents): string {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  if ('key' in node) return memberName(node as FunctionNode & { key: Node }, parents);
  const parent = parents.get(node);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return nameOf(parent, parents);
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return memberName(parent, parents);
    case 'ExportDefaultDeclaration':
      return 'default';
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return nameOf(parent, parents);
    default:
      return '<anonymous>';
  }
}

/** `Cart.add`: the member's key behind the name of what it is a member of. */
function memberName(member: Node & { key: Node; computed?: boolean | null }, parents: Parents): string {
  const key = keyName(member.key, member.computed === true) ?? '[computed]';
  let owner = parents.get(member);
  if (owner?.type === 'ClassBody') owner = parents.get(owner);
  const name = owner === undefined ? '<anonymous>' : nameOf(owner, parents);
  return name === '<anonymous>' ? key : `${name}.${key}`;
}
