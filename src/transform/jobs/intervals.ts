/** `setInterval`, where a `@replaystack-cron` pragma says that what it calls is a job. */
import type { types as t } from '@babel/core';
import type { Node } from '../ast.ts';
import { isFunction, keyName, walk } from '../ast.ts';
import type { Pragma } from '../pragmas.ts';
import type { JobRecogniser } from './types.ts';
import { NO_RECEIVER } from './types.ts';

export const interval: JobRecogniser = {
  name: 'setInterval',
  packages: [],
  factories: [],
  types: [],
  methods: [],
  chains: [],
  receivers: NO_RECEIVER,
  takes: { setInterval: [0] },
  subject: 'after',
  named: true,
  hooks: { handler: 'intervalJob' },
};

/** The calls that the pragmas are about; those in functions of what they stand before are not. */
export function requestedIntervals(pragmas: readonly Pragma[]): t.CallExpression[] {
  return pragmas.flatMap((pragma) => {
    const calls: t.CallExpression[] = [];
    if (pragma.name !== '@replaystack-cron' || pragma.node === undefined) return calls;
    walk(pragma.node, (node) => {
      if (isSetInterval(node)) calls.push(node);
      return !isFunction(node);
    });
    if (calls.length > 0) pragma.applied = true;
    return calls;
  });
}

/** `setInterval()`, `globalThis.setInterval()`, `timers.setInterval()`: whoever asks for it knows what it is. */
function isSetInterval(node: Node): node is t.CallExpression {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  const name =
    callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : keyName(callee, false);
  return name === 'setInterval';
}
