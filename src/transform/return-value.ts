/** What an expression can evaluate to, as far as its form tells. */
import type { Node } from './ast.ts';
import { unwrapExpression } from './ast.ts';

/** Whether the value can be a promise, which an async function that returns it does not wait for inside its body. */
export function mayReturnPromise(expression: Node): boolean {
  const node = unwrapExpression(expression);
  switch (node.type) {
    case 'ConditionalExpression':
      return mayReturnPromise(node.consequent) || mayReturnPromise(node.alternate);
    case 'LogicalExpression':
      return mayReturnPromise(node.left) || mayReturnPromise(node.right);
    case 'SequenceExpression':
      return node.expressions.length > 0 && mayReturnPromise(node.expressions.at(-1) as Node);
    case 'AssignmentExpression':
      // `a ||= b` can leave a as it is; `a += b` makes a number, a bigint or a text.
      return node.operator === '=' ? mayReturnPromise(node.right) : /^(\|\||&&|\?\?)=$/.test(node.operator);
    case 'Identifier':
      return node.name !== 'undefined';
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
    case 'MemberExpression':
    case 'OptionalMemberExpression':
    case 'TaggedTemplateExpression':
    case 'ImportExpression':
    case 'YieldExpression':
    case 'ThisExpression':
      return true;
    default:
      // Literals, templates, functions, classes, objects, arrays, JSX, operators and `await` never give one.
      return false;
  }
}

/** A literal, or `undefined`: a function that only returns this is not worth a hook, and may be dropped by a minifier. */
export function isLiteral(expression: Node): boolean {
  const node = unwrapExpression(expression);
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
    case 'BigIntLiteral':
      return true;
    case 'TemplateLiteral':
      return node.expressions.length === 0;
    case 'Identifier':
      return node.name === 'undefined';
    default:
      return false;
  }
}
