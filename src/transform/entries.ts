/** Exports that a framework calls by convention, and how each of them can be brought to run inside a scope. */
import type { types as t } from '@babel/core';
import type { FunctionNode, Node } from './ast.ts';
import { boundNames, isFunction, keyName, unwrapExpression, walk } from './ast.ts';
import type { Convention, Entry } from './conventions/types.ts';
import { findDeclared, isNoHandler, membersOf } from './members.ts';
import { findPlatformCalls } from './platform-calls.ts';
import type { Reason } from './safety.ts';

/** A handler. */
export interface EntryTarget {
  convention: Convention;
  hook: string;
  /** As it is exported; several, where one value is taken apart into them. */
  names: readonly string[];
  /** Properties of the value that are handlers, where it is taken apart. */
  keys?: readonly string[] | undefined;
  route: string;
  /**
   * `value`: the expression that is exported. `body`: a function whose declaration stays as it is. `server function`: such a
   * function as well, or a call that gives one. `reason`: nothing that could be rewritten.
   */
  form: 'value' | 'body' | 'server function';
  node: Node;
  /** Functions in the value that are handlers. */
  members: readonly Node[];
  /** Why it is left alone. */
  reason: Reason | undefined;
  /** What goes before the value. */
  prefix: string;
  /** It is the framework's own. */
  internal: boolean;
}

/** What is exported under a name, before it is known how it can be rewritten. */
interface Export {
  names: string[];
  node: Node;
  keys?: string[];
  /** `{ handler }`: the name is the key as well. */
  shorthand?: boolean;
  reason?: Reason;
  members?: readonly Node[];
  /** Of a variable, what it is said to be. */
  typeOf?: Node | null | undefined;
}

/** Handlers of the module, in no order. */
export function findEntries(
  code: string,
  program: t.Program,
  file: string,
  conventions: readonly Convention[],
): EntryTarget[] {
  const entries: EntryTarget[] = [];
  for (const convention of conventions) {
    if (!convention.hint.test(code)) continue;
    for (const entry of convention.entries) {
      const route = entry.route(file);
      if (route === undefined || entry.evidence?.test(code) === false) continue;
      for (const found of exportsOf(program, entry)) {
        const { hook, internal = false } = entry;
        const target = toTarget(code, found, entry, { convention, hook, route, internal });
        const isKnown = entries.some((other) => other.convention === convention && other.node === found.node);
        if (!isKnown && isWrittenAs(code, entry, found)) entries.push(target);
      }
    }
    for (const { call, argument, route } of findPlatformCalls(program, convention.calls)) {
      const found = { names: [call.name], node: argument };
      entries.push(toTarget(code, found, {}, { convention, hook: call.hook, route, internal: false }));
    }
    if (convention.serverFunctions !== undefined && code.includes('use server')) {
      const common = { convention, hook: convention.serverFunctions, route: '', internal: false };
      for (const found of serverFunctions(program)) entries.push(toServerFunction(code, found, common));
    }
  }
  return entries;
}

function toTarget(
  code: string,
  { names, keys, node, shorthand, reason, members = [] }: Export,
  { callback = Infinity }: Pick<Entry, 'callback'>,
  common: Pick<EntryTarget, 'convention' | 'hook' | 'route' | 'internal'>,
): EntryTarget {
  // A function that is declared can be called before its module is evaluated, so nothing can take its place.
  const isDeclared = node.type === 'FunctionDeclaration' || node.type === 'ObjectMethod';
  const takesCallback = isDeclared && !node.async && node.params.length > callback;
  const own = takesCallback ? 'declared with a callback' : isDeclared ? bodyReason(code, node) : undefined;
  return {
    ...common,
    names,
    keys,
    form: isDeclared ? 'body' : 'value',
    node,
    members,
    reason: reason ?? own,
    prefix: shorthand === true ? `${names[0]}:` : '',
  };
}

function toServerFunction(
  code: string,
  { names, node, keys, reason }: Export,
  common: Pick<EntryTarget, 'convention' | 'hook' | 'route' | 'internal'>,
): EntryTarget {
  const isCall = keys === undefined && node.type === 'CallExpression';
  const own = isFunction(node)
    ? bodyReason(code, node)
    : isCall
      ? undefined
      : 'neither a function nor a call';
  const form = 'server function';
  return { ...common, names, form, node, members: [], reason: reason ?? own, prefix: '' };
}

function isWrittenAs(code: string, { values, typed }: Entry, { node, typeOf }: Export): boolean {
  if (typed?.test(code.slice(typeOf?.start ?? 0, typeOf?.end ?? 0)) === false) return false;
  if (values === undefined) return true;
  const { type } = unwrapExpression(node);
  if (values === 'calls') return type === 'CallExpression';
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}

/** Why what is in a function cannot go into a function inside of it. */
export function bodyReason(code: string, node: FunctionNode): Reason | undefined {
  if (node.generator) return 'a generator is no handler';
  const { body } = node;
  const text = code.slice(node.start ?? 0, node.end ?? 0);
  if (/\beval\b/.test(text)) return 'uses direct eval';
  if (body.type !== 'BlockStatement') return undefined;
  if (body.directives.some(({ value }) => !/^use (strict|server)$/.test(value.value))) {
    return 'a directive that changes where or how it runs';
  }
  const parameters = new Set([...node.params.flatMap(boundNames), 'arguments']);
  let clash = false;
  walk(body, (inner) => {
    if (inner.type === 'VariableDeclaration' && inner.kind === 'var') {
      clash ||= inner.declarations.some(({ id }) => boundNames(id).some((name) => parameters.has(name)));
    }
    return !isFunction(inner);
  });
  return clash ? 'declares a variable under the name of a parameter' : undefined;
}

function exportsOf(program: t.Program, { names, members: wanted, internal }: Entry): Export[] {
  const found = new Map<Node, Export>();
  const add = (name: string | undefined, node: Node, more: Omit<Export, 'names' | 'node'> = {}): void => {
    // One function under two names is one handler.
    if (name === undefined || !names.test(name) || found.has(node)) return;
    const members = wanted && membersOf(program, node, wanted);
    if (wanted ? members === undefined : internal !== true && isNoHandler(node)) return;
    found.set(node, { names: [name], node, ...more, ...(members && { members }) });
  };
  for (const statement of program.body) {
    switch (statement.type) {
      case 'ExportDefaultDeclaration':
        add('default', statement.declaration);
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration) addDeclaration(statement.declaration);
        for (const specifier of statement.exportKind === 'type' ? [] : statement.specifiers) {
          if (specifier.type !== 'ExportSpecifier' || specifier.exportKind === 'type') continue;
          const { exported, local } = specifier;
          const name = exported.type === 'Identifier' ? exported.name : exported.value;
          const declared = statement.source ? undefined : findDeclared(program, local.name);
          if (declared !== undefined) add(name, declared);
          else add(name, specifier, { reason: 'declared in another module' });
        }
        break;
      case 'ExpressionStatement':
        addAssignment(statement.expression);
        break;
      default:
    }
  }
  return [...found.values()];

  function addDeclaration(declaration: Node): void {
    if (declaration.type === 'FunctionDeclaration') add(declaration.id?.name, declaration);
    if (declaration.type !== 'VariableDeclaration') return;
    for (const { id, init } of declaration.declarations) {
      if (!init) continue;
      if (id.type === 'Identifier') add(id.name, init, { typeOf: id.typeAnnotation });
      else if (id.type === 'ObjectPattern') addPattern(id, init);
    }
  }

  /** `export const { GET, POST: PUT } = handlers`. */
  function addPattern({ properties }: t.ObjectPattern, init: Node): void {
    const taken = properties.flatMap((property) => {
      if (property.type !== 'ObjectProperty') return [];
      const key = keyName(property.key, property.computed);
      const { value } = property;
      const target = value.type === 'AssignmentPattern' ? value.left : value;
      const isNamed = key !== undefined && target.type === 'Identifier' && names.test(target.name);
      return isNamed ? [{ key, name: target.name }] : [];
    });
    if (taken.length === 0) return;
    const hasRest = properties.some(({ type }) => type === 'RestElement');
    found.set(init, {
      names: taken.map(({ name }) => name),
      keys: [...new Set(taken.map(({ key }) => key))],
      node: init,
      ...(hasRest && { reason: 'taken apart with a rest element' }),
    });
  }

  /** `exports.handler = …`, `module.exports = …`, `module.exports = { handler }`. */
  function addAssignment(expression: Node): void {
    if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return;
    const { left, right } = expression;
    if (left.type !== 'MemberExpression') return;
    const key = keyName(left.property, left.computed);
    if (isModuleExports(left)) {
      if (right.type !== 'ObjectExpression') return add('default', right);
      for (const property of right.properties) {
        if (property.type === 'SpreadElement') continue;
        const name = keyName(property.key, property.computed);
        if (property.type === 'ObjectMethod') add(name, property);
        else add(name, property.value, { shorthand: property.shorthand });
      }
    } else if (
      isModuleExports(left.object) ||
      (left.object.type === 'Identifier' && left.object.name === 'exports')
    ) {
      add(key, right);
    }
  }
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    keyName(node.property, node.computed) === 'exports'
  );
}

/** What a module exports that says `'use server'`, and functions that say it themselves, wherever they are. */
function serverFunctions(program: t.Program): Export[] {
  const found = new Map<Node, Export>();
  const add = (exported: Export): void => {
    const node = unwrapExpression(exported.node);
    // Next.js refuses those that are not async.
    if (!isFunction(node) || node.async) found.set(node, { ...exported, node });
  };
  if (program.directives.some(({ value }) => value.value === 'use server')) {
    exportsOf(program, { route: () => '', names: /^/, hook: '' }).forEach(add);
  }
  walk(program, (node, parent) => {
    if (!isFunction(node) || node.body.type !== 'BlockStatement') return;
    if (!node.body.directives.some(({ value }) => value.value === 'use server')) return;
    const named = parent?.type === 'VariableDeclarator' ? parent : node;
    add({ names: ['id' in named && named.id?.type === 'Identifier' ? named.id.name : '<anonymous>'], node });
  });
  return [...found.values()];
}
