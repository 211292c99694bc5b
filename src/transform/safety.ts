/** Functions that are better left alone: where the rewrite would change what the program does, or where we are not sure. */
import type { FunctionNode, Node } from './ast.ts';
import { boundNames, isFunction, walk } from './ast.ts';
import { isLiteral } from './return-value.ts';

/** Why a function, or a registration, is left alone; the report prints it. */
export type Reason =
  | 'ignored by a pragma'
  | 'nothing in it to observe'
  | 'uses direct eval'
  | 'uses with'
  | 'declares a function twice, or under the name of a variable'
  | 'declares a function under the name of a parameter'
  | 'declares a variable under the name of a parameter'
  | 'a generator is no handler'
  | 'declared in another module'
  | 'declared with a callback'
  | 'taken apart with a rest element'
  | 'neither a function nor a call'
  | 'a directive that changes where or how it runs'
  | 'constructors, getters and setters are not observed'
  | 'its source is sent elsewhere, where the hooks are not'
  | 'its source is read by Elysia'
  | 'nothing here tells that it is called on an app or a router of a framework that is known'
  | 'Cloudflare calls it, on a class of a kind of its own';

/** Directives of which we know that a statement behind them, and one more free variable, do no harm. */
const HARMLESS = /^(use strict|use server|use cache\b.*)$/;

/** The reason why a function cannot be rewritten; undefined if it can. */
export function unsafeReason(code: string, node: FunctionNode): Reason | undefined {
  if ('kind' in node && node.kind !== 'method') return 'constructors, getters and setters are not observed';
  const { body } = node;
  if (isTrivial(body)) return 'nothing in it to observe';
  const text = code.slice(node.start ?? 0, node.end ?? 0);
  if (/\beval\b/.test(text) && callsEval(node)) return 'uses direct eval';
  if (body.type !== 'BlockStatement') return undefined;
  if (body.directives.some(({ value }) => !HARMLESS.test(value.value))) {
    return 'a directive that changes where or how it runs';
  }
  if (/\bwith\b/.test(text) && contains(body, (inner) => inner.type === 'WithStatement')) return 'uses with';
  return redeclaration(node, body.body);
}

/** Nobody learns anything from a call of it, and without hooks it stays pure. */
function isTrivial(body: FunctionNode['body']): boolean {
  if (body.type !== 'BlockStatement') return isLiteral(body);
  if (body.body.length === 0) return true;
  const [only] = body.body;
  return (
    body.body.length === 1 && only?.type === 'ReturnStatement' && (!only.argument || isLiteral(only.argument))
  );
}

/** Direct eval sees our names, and can declare variables that clash with functions inside the block. */
function callsEval(node: Node): boolean {
  return contains(
    node,
    (inner) =>
      inner.type === 'CallExpression' && inner.callee.type === 'Identifier' && inner.callee.name === 'eval',
  );
}

/**
 * Function declarations at the top of a body behave like `var`; inside the block that we put around them they behave like
 * `let`. That is a syntax error if the name is declared again, and another binding if it is a parameter's.
 */
function redeclaration(node: FunctionNode, statements: readonly Node[]): Reason | undefined {
  const functions: string[] = [];
  for (const statement of statements) {
    let inner: Node = statement;
    while (inner.type === 'LabeledStatement') inner = inner.body;
    if (inner.type === 'FunctionDeclaration' && inner.id) functions.push(inner.id.name);
  }
  if (functions.length === 0) return undefined;
  const variables = new Set(statements.flatMap(hoistedNames));
  if (new Set(functions).size < functions.length || functions.some((name) => variables.has(name))) {
    return 'declares a function twice, or under the name of a variable';
  }
  const parameters = new Set([...node.params.flatMap(boundNames), 'arguments']);
  return functions.some((name) => parameters.has(name))
    ? 'declares a function under the name of a parameter'
    : undefined;
}

/** What a statement declares for the whole function. In sloppy code that includes functions in blocks. */
function hoistedNames(statement: Node): string[] {
  const names: string[] = [];
  walk(statement, (node, parent) => {
    const inBlock = parent !== undefined && parent.type !== 'LabeledStatement';
    if (node.type === 'FunctionDeclaration' && inBlock && node.id) names.push(node.id.name);
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id } of node.declarations) names.push(...boundNames(id));
    }
    return !isFunction(node);
  });
  return names;
}

function contains(node: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walk(node, (inner) => {
    found ||= test(inner);
    return !found;
  });
  return found;
}
