/** What the statements of a body declare, and whether control comes to their end. */
import type { Node } from './ast.ts';
import { boundNames, walkStatements } from './ast.ts';

/** Names that blocks of the body declare for themselves, wherever in it. */
export function blockNames(body: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walkStatements(body, (node) => {
    let declared: Node | null | undefined;
    if (node.type === 'VariableDeclarator') declared = node.id;
    else if (node.type === 'CatchClause') declared = node.param;
    else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') declared = node.id;
    if (declared) for (const name of boundNames(declared)) names.add(name);
  });
  return names;
}

/** The `return` statements of a body, without those of functions inside. */
export interface Return {
  start: number;
  end: number;
  argument: Node | undefined;
  /**
   * Something runs between it and the end of the function, and may take its time, throw, or return something else: a
   * `finally`, a disposal, the closing of an async iterator. The promise that it returns may then be handled late, or never.
   */
  held: boolean;
}

export function returnsOf(body: Node): Return[] {
  const holding: { start: number; end: number }[] = [];
  const returns: Return[] = [];
  walkStatements(body, (node, parent) => {
    const [start, end] = [node.start as number, node.end as number];
    if (node.type === 'TryStatement' && node.finalizer) {
      holding.push({ start, end: node.finalizer.start as number });
    } else if (node.type === 'ForOfStatement' && node.await) {
      holding.push({ start, end });
    } else if (node.type === 'VariableDeclaration' && node.kind.endsWith('using') && parent) {
      holding.push({ start: parent.start as number, end: parent.end as number });
    } else if (node.type === 'ReturnStatement') {
      returns.push({ start, end, argument: node.argument ?? undefined, held: false });
    }
  });
  for (const statement of returns) {
    statement.held = holding.some(({ start, end }) => start <= statement.start && statement.end <= end);
  }
  return returns;
}

/**
 * Whether control can come to the end of a statement, as far as its form tells: a type checker may forbid code where it
 * cannot.
 */
export function canFallThrough(statement: Node): boolean {
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return false;
    case 'BlockStatement':
      return statement.body.every(canFallThrough);
    case 'IfStatement':
      return (
        !statement.alternate || canFallThrough(statement.consequent) || canFallThrough(statement.alternate)
      );
    case 'TryStatement':
      if (statement.finalizer && !canFallThrough(statement.finalizer)) return false;
      return (
        canFallThrough(statement.block) || (!!statement.handler && canFallThrough(statement.handler.body))
      );
    default:
      return true;
  }
}
