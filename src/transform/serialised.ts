/**
 * Functions of which the text counts. Some run elsewhere: in a browser, in a worker. They are sent there as text, without what
 * they refer to. Others are read.
 */
import type { types as t } from '@babel/core';
import type { FunctionNode } from './ast.ts';
import { isFunction, keyName, unwrapExpression, walk } from './ast.ts';
import type { FunctionTarget } from './targets.ts';

const METHODS =
  /^(evaluate|evaluateHandle|evaluateOnNewDocument|\$eval|\$\$eval|addInitScript|executeScript|executeAsyncScript|waitForFunction)$/;

/**
 * A test for functions that the module hands to one of the APIs which do that, as they stand there or by their names. For a
 * module without such a call, which is most, it costs one search in the text.
 */
export function serialisedFunctions(code: string, program: t.Program): (target: FunctionTarget) => boolean {
  if (!/evaluate|eval\b|InitScript|[eE]xecute|waitForFunction/.test(code)) return () => false;
  const sent = new Set<unknown>();
  walk(program, (node) => {
    if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return;
    const { callee } = node;
    if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return;
    if (!METHODS.test(keyName(callee.property, callee.computed) ?? '')) return;
    for (const argument of node.arguments) {
      const value = unwrapExpression(argument);
      if (isFunction(value)) sent.add(value);
      else if (value.type === 'Identifier') sent.add(value.name);
    }
  });
  return ({ node, name }) => sent.has(node) || sent.has(name);
}

/**
 * Elysia reads its handlers to find out what they need, and may be wrong about those that have more in them. They take one
 * parameter; where none of its types is named, they stand with the routes, and are none of the exported functions.
 */
export function readFunctions(code: string): (node: FunctionNode) => boolean {
  const isOfElysia = /['"]elysia['"]/.test(code);
  return ({ params }) => isOfElysia && params.length === 1;
}
