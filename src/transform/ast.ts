/** Walking a syntax tree by hand. @babel/traverse builds a path and a scope for each node; this costs a tenth of the parse. */
import type { types as t } from '@babel/core';
import { childKeys } from './children.ts';

export type Node = t.Node;

export type FunctionNode =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ArrowFunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

/**
 * Calls `enter` for the node and for all below it, parents first, in source order.
 *
 * @param enter returns false to leave out what is below the node
 */
export function walk(
  node: Node,
  enter: (node: Node, parent: Node | undefined) => boolean | void,
  parent?: Node,
): void {
  if (enter(node, parent) === false) return;
  for (const key of childKeys(node)) {
    const child: unknown = node[key as keyof Node];
    if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) walk(item, enter, node);
    } else if (isNode(child)) {
      walk(child, enter, node);
    }
  }
}

/** Where statements are below statements, by type. */
const STATEMENTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['BlockStatement', ['body']],
  ['CatchClause', ['body']],
  ['DoWhileStatement', ['body']],
  ['ForInStatement', ['left', 'body']],
  ['ForOfStatement', ['left', 'body']],
  ['ForStatement', ['init', 'body']],
  ['IfStatement', ['consequent', 'alternate']],
  ['LabeledStatement', ['body']],
  ['SwitchCase', ['consequent']],
  ['SwitchStatement', ['cases']],
  ['TryStatement', ['block', 'handler', 'finalizer']],
  ['VariableDeclaration', ['declarations']],
  ['WhileStatement', ['body']],
  ['WithStatement', ['body']],
]);

/**
 * The same for the statements of a function alone, with the declarators and the clauses that are part of them: expressions,
 * and functions and classes inside, are not looked into.
 */
export function walkStatements(
  node: Node,
  enter: (node: Node, parent: Node | undefined) => void,
  parent?: Node,
): void {
  enter(node, parent);
  for (const key of STATEMENTS.get(node.type) ?? []) {
    const child: unknown = node[key as keyof Node];
    if (Array.isArray(child)) for (const item of child as Node[]) walkStatements(item, enter, node);
    else if (isNode(child)) walkStatements(child, enter, node);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return true;
    default:
      return false;
  }
}

/** A call of a method by its name: `app.get()`, `app?.get()`. */
export type MethodCall = (t.CallExpression | t.OptionalCallExpression) & {
  callee: (t.MemberExpression | t.OptionalMemberExpression) & { property: t.Identifier };
};

/**
 * Not `c` of `a?.b().c()`: where there is no `a`, there is no call of `c`, but there would be if something were written
 * around `a?.b()`. And not `a.b?.()`, which may be no method.
 */
export function isMethodCall(node: Node): node is MethodCall {
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return false;
  const { callee, optional } = node;
  const isMember =
    callee.type === 'MemberExpression' || (callee.type === 'OptionalMemberExpression' && callee.optional);
  return isMember && !callee.computed && callee.property.type === 'Identifier' && optional !== true;
}

/** Takes off parentheses and what TypeScript puts around an expression: `(f satisfies Handler)!` is `f`. */
export function unwrapExpression(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'TypeCastExpression':
      return unwrapExpression(node.expression);
    default:
      return node;
  }
}

/** The name of a property or of a member, if it is written down: `a`, `'a'`, `1`. Undefined for computed ones. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'StringLiteral') return key.value;
  if (key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}

/** Names that a pattern binds: `{ a, b: [c = 1], ...d }` binds a, c and d. */
export function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === 'ObjectProperty' ? property.value : property),
      );
    case 'TSParameterProperty':
      return boundNames(pattern.parameter);
    default:
      return [];
  }
}

/** From 1. */
export interface Place {
  line: number;
  column: number;
}

/** Where a developer would say that it is: a decorated method is where its name is. */
export function startOf(node: Node): Place {
  const isDecorated = 'decorators' in node && (node.decorators?.length ?? 0) > 0 && 'key' in node;
  const { line = 1, column = 0 } = (isDecorated ? node.key : node).loc?.start ?? {};
  return { line, column: column + 1 };
}
