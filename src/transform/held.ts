/** Functions in the options of what makes an app, or part of one: `createSchema({ resolvers: { Query: { order: async () => … } } })`. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { keyName, unwrapExpression } from './ast.ts';
import type { AppTarget } from './registrations.ts';
import type { FunctionTarget } from './targets.ts';
import { findFunctionsIn } from './targets.ts';

/** Those that the application wrote in place, or in an object at the top of the module. */
export function findHeldFunctions(
  program: t.Program,
  { arguments: [options] }: AppTarget['creation'],
  { holds = [] }: AppTarget['factory'],
): FunctionTarget[] {
  if (holds.length === 0 || options === undefined) return [];
  // One, or a list of which each is as good as one.
  const values = listOf(options).flatMap((one) => propertiesOf(one, holds));
  return findFunctionsIn(values.flatMap(listOf), program);
}

function propertiesOf(options: Node, names: readonly string[]): Node[] {
  if (options.type !== 'ObjectExpression') return [];
  return options.properties.flatMap((property) =>
    property.type === 'ObjectProperty' && names.includes(keyName(property.key, property.computed) ?? '')
      ? [property.value]
      : [],
  );
}

function listOf(value: Node): Node[] {
  const node = unwrapExpression(value);
  return node.type === 'ArrayExpression'
    ? node.elements.flatMap((one) => (one ? [unwrapExpression(one)] : []))
    : [node];
}
