/** The name of the function that a place in the original source is in, which a minifier may have taken away. */
import type { types as t } from '@babel/core';
import type { Node } from '../../transform/ast.ts';
import { isFunction, walk } from '../../transform/ast.ts';
import type { ParsedModule } from '../../transform/parse.ts';
import { parseModule } from '../../transform/parse.ts';
import { nameOf } from '../../transform/requested.ts';

const parsed = new Map<string, ParsedModule | undefined>();

/**
 * As V8 would call it in the original: `place`, `OrderService.place`, `new OrderService`, `get total`, `#send`.
 *
 * @param line from 1, as the column is
 * @returns null outside of all functions, undefined where it cannot be told
 */
export function functionAt(
  text: string,
  file: string,
  line: number,
  column: number,
): string | null | undefined {
  const module = parseOnce(text, file);
  if (module === undefined) return undefined;
  const parents = new Map<Node, Node>();
  let innermost: Node | undefined;
  walk(module.program, (node, parent) => {
    if (!holds(node.loc, line, column - 1)) return false;
    if (parent !== undefined) parents.set(node, parent);
    // What initialises a class has a name that only the engine knows.
    if (isFunction(node) || node.type === 'ClassBody') innermost = node;
    return true;
  });
  return innermost === undefined ? null : callName(innermost, parents);
}

function callName(node: Node, parents: ReadonlyMap<Node, Node>): string | undefined {
  if (!isFunction(node)) return undefined;
  const name = nameOf(node, parents);
  if (/^<anonymous>$|\[computed\]$/.test(name)) return undefined;
  const [, owner = '', member = name] = /^(.*)\.([^.]+)$/s.exec(name) ?? [];
  if (member.startsWith('#')) return member;
  const kind = 'kind' in node ? node.kind : 'method';
  if (kind === 'constructor') return `new ${owner}`;
  return kind === 'get' || kind === 'set' ? `${kind} ${member}` : name;
}

/** Undefined for what is no JavaScript: a component of Vue's, for one. */
function parseOnce(text: string, file: string): ParsedModule | undefined {
  if (!parsed.has(text)) {
    const module = parseModule(text, file);
    parsed.set(text, 'program' in module ? module : undefined);
  }
  return parsed.get(text);
}

function holds(location: t.SourceLocation | null | undefined, line: number, column: number): boolean {
  if (!location) return true;
  const { start, end } = location;
  const isBehindStart = line > start.line || (line === start.line && column >= start.column);
  return isBehindStart && (line < end.line || (line === end.line && column < end.column));
}
