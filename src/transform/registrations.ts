/** Calls that give a framework its handlers, found by following apps and routers through the module. */
import type { types as t } from '@babel/core';
import type { FunctionNode, MethodCall, Node } from './ast.ts';
import { isFunction, isMethodCall, keyName, unwrapExpression, walk } from './ast.ts';
import type { AppResolver, Owner } from './apps.ts';
import { createAppResolver } from './apps.ts';
import { fieldName, isField } from './bindings.ts';
import type { Recogniser } from './frameworks/types.ts';
import type { TransformOptions } from './options.ts';
import type { Made } from './origins.ts';
import type { ParsedModule } from './parse.ts';
import { findRouteOptions } from './route-options.ts';
import { chainedPath, literalText, MIDDLEWARE, propertyOf, routeName } from './route-name.ts';

/** A call that registers handlers. */
export interface Registration {
  call: MethodCall | t.CallExpression | t.NewExpression;
  kind: 'route' | 'middleware' | 'job';
  /** Where it is said to be: its method. */
  at: Node;
  /** What it is called on. */
  receiver: Node | undefined;
  /** One, or several where the build cannot tell which it is; the run time can. */
  recognisers: readonly Recogniser[];
  /** The text that names the owner in the module; undefined for a chain that begins with the app's creation. */
  owner: string | undefined;
  /** `POST /orders`. */
  name: string;
  /** What tells that it is one. */
  evidence: string;
  /** The code of what the hook is given beside a handler, if anything: the path that `use` mounts at, if it is a literal. */
  beside(handler: Node): string | undefined;
  /** The arguments that can be handlers; of a spread one, what is behind the dots; of an object, those in it. */
  handlers: readonly Node[];
  /** Where they are looked for to be observed, if that is not where they are wrapped. */
  observed?: readonly Node[];
}

/** A call that makes an app, or part of one. */
export interface AppTarget extends Made {
  creation: t.CallExpression | t.NewExpression;
}

/** A call that looks like one that registers a handler, on something of which nothing is known. */
interface UnknownCall {
  call: MethodCall;
  name: string;
  /** It goes by a name that apps go by, so that it may be expected to be one. */
  isNamed: boolean;
}

/** Finds the apps that a module makes and the handlers that it registers. */
export function findRegistrations(
  module: ParsedModule,
  { recognisers, packages }: Pick<TransformOptions, 'recognisers' | 'packages'>,
): { apps: AppTarget[]; registrations: Registration[]; unknown: UnknownCall[] } {
  const apps: AppTarget[] = [];
  const methods = new Set(recognisers.flatMap(({ methods, object }) => [...methods, object?.method]));
  const calls: MethodCall[] = [];
  const creations: AppTarget['creation'][] = [];
  const variables = new Map<Node, string>();
  walk(module.program, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
      variables.set(unwrapExpression(node.init), node.id.name);
    if (node.type === 'NewExpression' || node.type === 'CallExpression') creations.push(node);
    if (isMethodCall(node) && methods.has(node.callee.property.name)) calls.push(node);
  });
  if (creations.length + calls.length === 0) return { apps, registrations: [], unknown: [] };

  const resolver = createAppResolver(module, recognisers, packages);
  for (const creation of creations) {
    const made = resolver.createdBy(creation);
    if (made !== undefined) apps.push({ creation, ...made });
  }
  const { registrations, unknown } = chooseRegistrations(calls, recognisers, resolver, variables);
  return { apps, registrations: [...registrations, ...findRouteOptions(module, recognisers)], unknown };
}

/** @param variables names of those that keep what a call gives */
function chooseRegistrations(
  calls: readonly MethodCall[],
  recognisers: readonly Recogniser[],
  resolver: AppResolver,
  variables: ReadonlyMap<Node, string>,
): { registrations: Registration[]; unknown: UnknownCall[] } {
  const unknown: UnknownCall[] = [];
  const candidates: { call: MethodCall; owner: Owner }[] = [];
  /** Names on which something is registered with a path. */
  const routed = new Set<string | undefined>();
  for (const call of calls) {
    const owner = resolver.ownerOf(call.callee.object);
    if (owner === undefined) {
      if (looksLikeRoute(call)) unknown.push(unknownCall(call, recognisers));
      continue;
    }
    candidates.push({ call, owner });
    if (hasPath(call, owner)) routed.add(owner.text);
  }
  const registrations = candidates.flatMap(({ call, owner }) => {
    const looksRight = owner.certain
      ? !readsSetting(call)
      : hasPath(call, owner) || mayRegister(call, owner, routed);
    const registration = looksRight ? toRegistration(call, owner, variables.get(call)) : undefined;
    return registration === undefined ? [] : [registration];
  });
  return { registrations, unknown };
}

/** What tells that something is registered on an owner. */
export function evidenceOf({ text, recognisers, certain }: Owner): string {
  const names = recognisers.map(({ name }) => name).join(' or ');
  if (certain) return text === undefined ? `registered on what ${names} makes` : `\`${text}\` is of ${names}`;
  return `\`${text}\` may be of ${names} by its name: the hook looks at what it is`;
}

function unknownCall(call: MethodCall, all: readonly Recogniser[]): UnknownCall {
  const method = call.callee.property.name;
  const owner = unwrapExpression(call.callee.object);
  const name = owner.type === 'Identifier' ? owner.name : isField(owner) ? fieldName(owner) : '';
  const isNamed = all.some(({ receivers }) => receivers.test(name.replace(/^#/, '')));
  return { call, name: routeName(call, method, []), isNamed };
}

/** A path, and behind it a function, or the name of something that may be one. */
function looksLikeRoute({ arguments: args }: MethodCall): boolean {
  const last = args.length > 1 ? args.at(-1) : undefined;
  return looksLikePath(args[0]) && last !== undefined && (isFunction(last) || last.type === 'Identifier');
}

function toRegistration(
  call: MethodCall,
  owner: Owner,
  variable: string | undefined,
): Registration | undefined {
  const { text, recognisers } = owner;
  const method = call.callee.property.name;
  const possible = recognisers.filter(
    ({ methods, object }) => methods.includes(method) || (object?.method === method && isObject(call)),
  );
  // Nothing in an object is wrapped, since what it means depends on the framework.
  const inObjects = possible.every(({ object }) => object) ? possible : [];
  const keys = inObjects.flatMap(({ object }) => object?.handlers ?? []);
  const handlers = call.arguments
    .map((argument) => (argument.type === 'SpreadElement' ? argument.argument : argument))
    .flatMap((argument) => handlersOf(argument, keys));
  if (possible.length === 0 || handlers.length === 0) return undefined;
  const chains = possible.flatMap((recogniser) => recogniser.chains);
  const named = possible.some(({ byVariable }) => byVariable) ? variable : undefined;
  const said = method === 'use' ? literalText(call.arguments[0]) : named;
  return {
    call,
    kind: MIDDLEWARE.test(method) ? 'middleware' : 'route',
    at: call.callee.property,
    receiver: call.callee.object,
    recognisers: possible,
    owner: text,
    name: named ?? routeName(call, method, chains),
    evidence: evidenceOf({ ...owner, recognisers: possible }),
    beside: () => (said === undefined ? undefined : JSON.stringify(said)),
    handlers,
  };
}

/**
 * A path, and behind it something that can be a handler; or a handler for the path that the chain began with; or an object
 * with a path in it.
 */
function hasPath(call: MethodCall, { recognisers }: Owner): boolean {
  const { callee, arguments: args } = call;
  const [first, second, third] = args;
  const { name } = callee.property;
  const object = recognisers.find(({ object }) => object?.method === name)?.object;
  if (object && isObject(call)) return looksLikePath(propertyOf(first, object.path));
  const [path, handler] = name === 'on' ? [second, third] : [first, second];
  if (handler !== undefined && looksLikePath(path)) return true;
  const chains = recognisers.flatMap((recogniser) => recogniser.chains);
  return first !== undefined && /^[/*]/.test(chainedPath(callee.object, chains) ?? '');
}

/** `'/x'`, `'*'`, `/^\/x/`, a template with a slash, or a list of such. */
function looksLikePath(node: Node | null | undefined): boolean {
  switch (node?.type) {
    case 'StringLiteral':
      return /^[/*]/.test(node.value);
    case 'TemplateLiteral':
      return /^[/*]|^\$\{.*\//.test(node.quasis.map(({ value }) => value.raw).join('${}'));
    case 'ArrayExpression':
      return node.elements.length > 0 && node.elements.every(looksLikePath);
    default:
      return node?.type === 'RegExpLiteral';
  }
}

/** Middleware has no path, so that it takes a path elsewhere in the module to make it look like middleware. */
function mayRegister(call: MethodCall, owner: Owner, routed: ReadonlySet<string | undefined>): boolean {
  const [only, more] = call.arguments;
  const { name } = call.callee.property;
  if (only === undefined || !MIDDLEWARE.test(name) || !routed.has(owner.text)) return false;
  if (name === 'addHook' || name === 'ext') return only.type === 'StringLiteral' && more !== undefined;
  return more === undefined && !/^(Call|New)Expression$/.test(unwrapExpression(only).type);
}

/** `app.get(name)` on an app itself, with nothing like a handler, asks for a setting. */
function readsSetting({ callee, arguments: args }: MethodCall): boolean {
  const [only, more] = args;
  if (callee.property.name !== 'get' || only === undefined || more !== undefined) return false;
  const value = unwrapExpression(only);
  const isOnCall = callee.object.type.endsWith('CallExpression');
  return !isOnCall && !isFunction(value) && value.type !== 'ArrayExpression';
}

function isObject({ arguments: [only, more] }: MethodCall): boolean {
  return only !== undefined && more === undefined && unwrapExpression(only).type === 'ObjectExpression';
}

/** @param keys names of handlers in an object of options */
function handlersOf(argument: Node, keys: readonly string[]): Node[] {
  const value = unwrapExpression(argument);
  if (value.type !== 'ObjectExpression') return canBeHandler(argument) ? [argument] : [];
  return value.properties.flatMap((property): Node[] => {
    if (property.type === 'SpreadElement') return [];
    if (!keys.includes(keyName(property.key, property.computed) ?? '')) return [];
    if (property.type === 'ObjectMethod') return [property];
    return canBeHandler(property.value) ? [property.value] : [];
  });
}

/** Literals and plain objects are paths and options; whatever else is no handler goes through the hook unchanged. */
export function canBeHandler(node: Node): boolean {
  const value = unwrapExpression(node);
  if (value.type === 'ArrayExpression') {
    return value.elements.some(
      (element) =>
        element !== null && canBeHandler(element.type === 'SpreadElement' ? element.argument : element),
    );
  }
  return value.type !== 'ObjectExpression' && !value.type.endsWith('Literal');
}

/** The functions that are written down as handlers: in place, or in a list in place. */
export function inlineFunctions(argument: Node): FunctionNode[] {
  const value = unwrapExpression(argument);
  if (isFunction(value)) return [value];
  if (value.type !== 'ArrayExpression') return [];
  return value.elements.flatMap((element) =>
    element === null || element.type === 'SpreadElement' ? [] : inlineFunctions(element),
  );
}
