/**
 * Classes that Cloudflare makes instances of and calls by itself: Durable Objects and what is built on them, entrypoints,
 * workflows, and what is called from elsewhere. An object sleeps, and costs nothing, as soon as nothing keeps it awake; a
 * workflow is run once more from its start; an argument may stand for something far away. So all their methods stay as they are.
 */
import type { types as t } from '@babel/core';
import type { FunctionNode, Node } from './ast.ts';
import { isFunction, keyName, unwrapExpression, walk } from './ast.ts';
import type { Bindings } from './bindings.ts';
import { bindingsOf } from './bindings.ts';
import { requiredSource } from './loading.ts';

type Class = t.ClassDeclaration | t.ClassExpression;

const SOURCES = /^(?:cloudflare:|@cloudflare\/|(?:agents|(?:y-)?partyserver)(?:\/|$))/;
/** A class of the application's own that others extend is called like this as well. */
const NAMES = /DurableObject|^(?:Worker|Workflow)Entrypoint$|^RpcTarget$/;
/** Nothing else is called so. */
const METHODS = /^webSocket(?:Message|Close|Error)$/;

/** A module without any of it, which is nearly every one, costs one search or two in its text. */
const MAY_HAVE_ONE =
  /cloudflare|DurableObject|Entrypoint|RpcTarget|webSocket|(['"])(?:agents|(?:y-)?partyserver)\b|,\s*env\b/;

/** A test for methods of such classes. */
export function methodsForCloudflare(code: string, program: t.Program): (node: FunctionNode) => boolean {
  if (!/\bclass\b/.test(code) || !MAY_HAVE_ONE.test(code)) return () => false;
  const classes: Class[] = [];
  walk(program, (node) => {
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') classes.push(node);
  });
  const isOne = classTest(code, classes, bindingsOf(program));
  const methods = new Set<Node>(classes.filter(isOne).flatMap(({ body }) => body.body.flatMap(functionOf)));
  return (node) => methods.has(node);
}

/** The function that a member is or holds. */
function functionOf(member: Node): Node[] {
  const value = member.type === 'ClassProperty' && member.value ? unwrapExpression(member.value) : member;
  return isFunction(value) ? [value] : [];
}

function classTest(code: string, classes: readonly Class[], { byName }: Bindings): (node: Class) => boolean {
  const byClassName = new Map(classes.flatMap((node) => (node.id ? [[node.id.name, node] as const] : [])));
  /** Classes can extend each other in circles. */
  const known = new Map<Node | string, boolean>();

  function once(key: Node | string, test: () => boolean): boolean {
    if (!known.has(key)) {
      known.set(key, false);
      known.set(key, test());
    }
    return known.get(key) === true;
  }

  const isOne = (node: Class): boolean =>
    once(
      node,
      () =>
        (node.superClass ? standsForOne(node.superClass) : false) ||
        (node.implements ?? []).some(({ start, end }) => NAMES.test(code.slice(start ?? 0, end ?? 0))) ||
        tellsByItself(code, node),
    );

  /** A class that is extended, or what makes one of others. */
  function standsForOne(value: Node): boolean {
    const node = unwrapExpression(value);
    switch (node.type) {
      case 'Identifier':
        return NAMES.test(node.name) || once(node.name, () => nameStandsForOne(node.name));
      case 'MemberExpression':
        return NAMES.test(keyName(node.property, node.computed) ?? '') || standsForOne(node.object);
      case 'CallExpression':
        return SOURCES.test(requiredSource(node) ?? '') || node.arguments.some(standsForOne);
      case 'ClassExpression':
        return isOne(node);
      default:
        return false;
    }
  }

  function nameStandsForOne(name: string): boolean {
    const own = byClassName.get(name);
    if (own !== undefined && isOne(own)) return true;
    return (byName.get(name) ?? []).some(({ imported, taken, init }) => {
      if (imported !== undefined) return SOURCES.test(imported.source) || NAMES.test(imported.name);
      const value = taken?.from ?? init;
      return value !== undefined && standsForOne(value);
    });
  }

  return isOne;
}

/** A Durable Object of the time before there was a class to extend, or one whose base is in another module. */
function tellsByItself(code: string, { body }: Class): boolean {
  const methods = body.body.filter((member) => member.type === 'ClassMethod');
  const names = methods.map(({ key, computed }) => keyName(key, computed) ?? '');
  if (names.some((name) => METHODS.test(name))) return true;
  const parameters = methods.find(({ kind }) => kind === 'constructor')?.params ?? [];
  const [state = '', env = ''] = parameters.map(({ start, end }) => code.slice(start ?? 0, end ?? 0));
  if (/\bDurableObjectState\b/.test(state)) return true;
  return (
    /^(?:state|ctx|controller)\b/.test(state) &&
    /^env\b/.test(env) &&
    names.some((name) => /^(?:fetch|alarm)$/.test(name))
  );
}
