/** Real scopes, by @babel/traverse: loaded for the few modules in which one name stands for several things. */
import { createRequire } from 'node:module';
import type { types as t } from '@babel/core';
import type traverser from '@babel/traverse';
import type { Node } from './ast.ts';

const require = createRequire(import.meta.url);

/**
 * The declaring identifier of each of these references, by reference. A reference to a global has none, and neither has any
 * in a program whose declarations clash.
 *
 * @param references identifiers that are read somewhere in the file
 */
export function resolveReferences(file: t.File, references: ReadonlySet<Node>): ReadonlyMap<Node, Node> {
  const declarations = new Map<Node, Node>();
  const { default: traverse } = require('@babel/traverse') as { default: typeof traverser };
  try {
    traverse(file, {
      Identifier(path) {
        if (!references.has(path.node)) return;
        const declaration = path.scope.getBinding(path.node.name)?.identifier;
        if (declaration !== undefined) declarations.set(path.node, declaration);
      },
    });
  } catch {
    // The run time will tell what the names stand for.
  }
  return declarations;
}
