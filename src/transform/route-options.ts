/**
 * Functions that a factory is given, and does not register: in the object that describes a route, `createFileRoute('/x')({ loader,
 * server: { handlers: { GET } } })`, or as they are, `query(async () => { … }, 'orders')`.
 */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { isFunction, keyName, unwrapExpression, walk } from './ast.ts';
import type { Recogniser } from './frameworks/types.ts';
import { findOrigins } from './origins.ts';
import type { ParsedModule } from './parse.ts';
import type { Registration } from './registrations.ts';
import { literalText } from './route-name.ts';

/** Finds them in what is given to factories of the recognisers that have `options`, or to what these return. */
export function findRouteOptions(module: ParsedModule, all: readonly Recogniser[]): Registration[] {
  const { program } = module;
  // Nobody else's module is walked once more for it.
  const isImported = (name: string): boolean =>
    program.body.some(
      (statement) => statement.type === 'ImportDeclaration' && statement.source.value === name,
    );
  const recognisers = all.filter(
    ({ options, packages }) => options !== undefined && packages.some(isImported),
  );
  if (recognisers.length === 0) return [];
  const { factoryOf } = findOrigins(module, recognisers);
  const found: Registration[] = [];
  const variables = new Map<Node, string>();
  walk(program, (call) => {
    if (call.type === 'VariableDeclarator' && call.id.type === 'Identifier' && call.init)
      variables.set(unwrapExpression(call.init), call.id.name);
    if (call.type !== 'CallExpression') return;
    const [given] = call.arguments;
    const maker = factoryOf(call) === undefined ? unwrapExpression(call.callee) : call;
    const recogniser = factoryOf(maker)?.recogniser;
    if (recogniser?.options === undefined || given === undefined || maker.type !== 'CallExpression') return;
    const path = maker === call ? undefined : literalText(maker.arguments[0]);
    const kept = recogniser.byVariable === true ? variables.get(call) : undefined;
    const function_ = unwrapExpression(given);
    const functions =
      kept !== undefined && isFunction(function_)
        ? [{ key: kept, node: function_ }]
        : functionsIn(given, recogniser.options);
    for (const { key, node } of functions) {
      const name = path === undefined ? key : `${key} ${path}`;
      found.push({
        call,
        kind: 'route',
        at: node,
        receiver: undefined,
        recognisers: [recogniser],
        owner: undefined,
        name,
        evidence: `given to what ${recogniser.name} makes of it`,
        beside: () => undefined,
        handlers: [node],
      });
    }
  });
  return found;
}

interface Found {
  /** What it goes by: its own key, or the one around it where that says no more than that it is a function. */
  key: string;
  node: Node;
}

function functionsIn(
  value: Node,
  { handlers, nested }: NonNullable<Recogniser['options']>,
  around = '',
): Found[] {
  const node = unwrapExpression(value);
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property): Found[] => {
    if (property.type === 'SpreadElement') return [];
    const key = keyName(property.key, property.computed) ?? '';
    const named = key === 'handler' ? around : key;
    const inner: Node = property.type === 'ObjectMethod' ? property : unwrapExpression(property.value);
    // `onRequest: [async () => { … }]`
    const isList = inner.type === 'ArrayExpression';
    if ((isFunction(inner) || isList) && handlers.test(key)) return [{ key: named, node: inner }];
    if (isFunction(inner)) {
      // `handlers: ({ createHandlers }) => createHandlers({ GET })`
      return nested.test(key) ? functionsIn(returnedOf(inner), { handlers, nested }, named) : [];
    }
    return nested.test(key) ? functionsIn(inner, { handlers, nested }, named) : [];
  });
}

/** What a function returns, or what the call that it returns is given. */
function returnedOf({ body }: t.Function): Node {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  const returned = last?.type === 'ReturnStatement' && last.argument ? last.argument : body;
  const value = unwrapExpression(returned);
  return value.type === 'CallExpression' ? (value.arguments[0] ?? value) : value;
}
