/** Functions that run elsewhere: in a browser, in a worker. They are sent there as text, without what they refer to. */
import type { types as t } from '@babel/core';
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
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    if (!METHODS.test(keyName(node.callee.property, node.callee.computed) ?? '')) return;
    for (const argument of node.arguments) {
      const value = unwrapExpression(argument);
      if (isFunction(value)) sent.add(value);
      else if (value.type === 'Identifier') sent.add(value.name);
    }
  });
  return ({ node, name }) => sent.has(node) || sent.has(name);
}
