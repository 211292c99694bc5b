/** Real scopes, by @babel/traverse: loaded for the few modules in which one name stands for several things. */
import { createRequire } from 'node:module';
import type { types as t } from '@babel/core';
import type traverser from '@babel/traverse';
import type { Node } from './ast.ts';
import type { Binding } from './bindings.ts';
import { bindingsOf } from './bindings.ts';
import type { ParsedModule } from './parse.ts';

const require = createRequire(import.meta.url);

/** Several ask for those of the same module. */
const known = new WeakMap<t.File, ReadonlyMap<Node, Node>>();

/**
 * What a reference stands for. One to a global stands for nothing here, and neither does an ambiguous one in a program whose
 * declarations clash.
 */
export function bindingOf({ file, program }: ParsedModule, reference: t.Identifier): Binding | undefined {
  const candidates = bindingsOf(program).byName.get(reference.name) ?? [];
  if (candidates.length <= 1) return candidates[0];
  const declaration = declarationsOf(file).get(reference);
  return candidates.find(({ identifier }) => identifier === declaration);
}

/** The declaring identifier of each reference to a name that is declared more than once. */
function declarationsOf(file: t.File): ReadonlyMap<Node, Node> {
  let declarations = known.get(file);
  if (declarations === undefined) known.set(file, (declarations = resolveReferences(file)));
  return declarations;
}

function resolveReferences(file: t.File): ReadonlyMap<Node, Node> {
  const { byName } = bindingsOf(file.program);
  const declarations = new Map<Node, Node>();
  const { default: traverse } = require('@babel/traverse') as { default: typeof traverser };
  try {
    traverse(file, {
      Identifier({ node, scope }) {
        if ((byName.get(node.name)?.length ?? 0) <= 1) return;
        const declaration = scope.getBinding(node.name)?.identifier;
        if (declaration !== undefined) declarations.set(node, declaration);
      },
    });
  } catch {
    // The run time will tell what the names stand for.
  }
  return declarations;
}
