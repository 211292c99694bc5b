/** What a registration is called in reports, breadcrumbs and trails: `POST /orders`, `use /api`, `onError`, `addHook onSend`. */
import type { MethodCall, Node } from './ast.ts';
import { isMethodCall, keyName, unwrapExpression } from './ast.ts';

/** Methods that register something for many routes, or for none. */
export const MIDDLEWARE: RegExp = /^(use|onError|addHook|ext|setErrorHandler|setNotFoundHandler|server)$/;

/** The text of a string or of a template without variables. */
export function literalText(node: Node | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** @param chains methods such as `route`, whose one argument is the path of what they give */
export function routeName(call: MethodCall, method: string, chains: readonly string[]): string {
  const [first, second] = call.arguments;
  if (first?.type === 'ObjectExpression') {
    const described = [describe(propertyOf(first, ['method'])), describe(propertyOf(first, ['url', 'path']))];
    return described.filter((part) => part !== undefined).join(' ') || method;
  }
  // `on('PURGE', '/cache', handler)` has the method first.
  const path = describe(method === 'on' ? second : first) ?? chainedPath(call.callee.object, chains);
  const verb = method === 'on' ? describe(first) : MIDDLEWARE.test(method) ? method : method.toUpperCase();
  return [verb ?? method, path].filter((part) => part !== undefined).join(' ');
}

/** A path as it is written: a pattern, or several. */
function describe(node: Node | undefined): string | undefined {
  switch (node?.type) {
    case 'StringLiteral':
      return node.value;
    case 'TemplateLiteral':
      return node.quasis.map(({ value }) => value.cooked ?? value.raw).join('${…}');
    case 'RegExpLiteral':
      return `/${node.pattern}/${node.flags}`;
    case 'ArrayExpression': {
      const parts = node.elements.map((element) => describe(element ?? undefined));
      return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join(',') : undefined;
    }
    default:
      return undefined;
  }
}

/** The path of `router.route('/orders').get(list).post(create)`. */
export function chainedPath(receiver: Node, chains: readonly string[]): string | undefined {
  const node = unwrapExpression(receiver);
  if (!isMethodCall(node)) return undefined;
  const { property, object } = node.callee;
  return chains.includes(property.name) && node.arguments.length === 1
    ? describe(node.arguments[0])
    : chainedPath(object, chains);
}

/** The value of the first of these properties that an object has. */
export function propertyOf(object: Node | undefined, names: readonly string[]): Node | undefined {
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type !== 'ObjectProperty') continue;
    if (names.includes(keyName(property.key, property.computed) ?? '')) return property.value;
  }
  return undefined;
}
