/** What an expression can evaluate to, as far as its form tells. */
import type { Node } from './ast.ts';
import { unwrapExpression } from './ast.ts';

/** Whether the value can be a promise, which an async function that returns it does not wait for inside its body. */
export function mayReturnPromise(expression: Node): boolean {
  return outcomesOf(expression).some(
    (node) => isReference(node) || CALLS.has(node.type) || node.type === 'YieldExpression',
  );
}

/** Whether the value may have been there before: then it can be any promise, even that of the function which returns it. */
export function mayReturnReference(expression: Node): boolean {
  return outcomesOf(expression).some(isReference);
}

/** What makes a value that an async function may be given for the first time. */
const CALLS: ReadonlySet<Node['type']> = new Set<Node['type']>([
  'CallExpression',
  'OptionalCallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
]);

function isReference(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
      return node.name !== 'undefined';
    case 'MemberExpression':
    case 'OptionalMemberExpression':
    case 'ThisExpression':
      return true;
    default:
      return false;
  }
}

/**
 * The expressions of which one gives the value. Literals, templates, functions, classes, objects, arrays, JSX, operators and
 * `await` are among them, and never give a promise.
 */
function outcomesOf(expression: Node): Node[] {
  const node = unwrapExpression(expression);
  switch (node.type) {
    case 'ConditionalExpression':
      return [...outcomesOf(node.consequent), ...outcomesOf(node.alternate)];
    case 'LogicalExpression':
      return [...outcomesOf(node.left), ...outcomesOf(node.right)];
    case 'SequenceExpression':
      return node.expressions.slice(-1).flatMap(outcomesOf);
    case 'AssignmentExpression':
      if (node.operator === '=') return outcomesOf(node.right);
      // `a ||= b` can leave a as it is; `a += b` makes a number, a bigint or a text.
      return /^(\|\||&&|\?\?)=$/.test(node.operator)
        ? [...outcomesOf(node.left), ...outcomesOf(node.right)]
        : [];
    default:
      return [node];
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
