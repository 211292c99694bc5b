/** Exported functions, in every form that a module can export one: what `observe` chooses from. */
import type { types as t } from '@babel/core';
import type { FunctionNode, Node } from './ast.ts';
import { isFunction, keyName, unwrapExpression } from './ast.ts';
import type { Pragma } from './pragmas.ts';

/** A function that could be observed. */
export interface FunctionTarget {
  node: FunctionNode;
  /** As a developer would call it: `create`, `OrderService.create`, `default`. */
  name: string;
  /** It is part of a class or of an object, and not exported by itself. */
  method: boolean;
  /** A pragma asks for it, so that it need be neither exported nor async. */
  requested: Pragma | undefined;
}

/** The module, or a namespace in it. */
interface Module {
  /** What each name stands for: a function may share its name with a namespace. */
  locals: ReadonlyMap<string, readonly Node[]>;
  found: Map<Node, FunctionTarget>;
  /** What was looked through: objects can hold each other. */
  seen: Set<Node>;
}

/** All exported functions, async or not. Each function once, under the first name that it is exported by. */
export function findExportedFunctions(program: t.Program): FunctionTarget[] {
  const found = new Map<Node, FunctionTarget>();
  collectModule(program.body, '', found);
  return [...found.values()];
}

/** Functions in values of the module's: `Query.order` of what an object holds, `resolvers.Query.order` where the object has a name. */
export function findFunctionsIn(values: readonly Node[], program: t.Program): FunctionTarget[] {
  const module: Module = { locals: declarations(program.body), found: new Map(), seen: new Set() };
  for (const value of values) collectValue(value, '', true, module);
  return [...module.found.values()];
}

/** @param prefix the namespaces around, `Orders.` */
function collectModule(body: readonly Node[], prefix: string, found: Map<Node, FunctionTarget>): void {
  const module: Module = { locals: declarations(body), found, seen: new Set() };
  const exporters = exportsNames(body);
  const add = (node: Node, name: string): void => collectValue(node, prefix + name, false, module);
  const addLocal = (name: string): void => {
    for (const node of module.locals.get(name) ?? []) add(node, name);
  };
  for (const statement of body) {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        if (statement.declaration) collectDeclaration(statement.declaration, add);
        if (statement.source) break;
        for (const specifier of statement.specifiers) {
          if (specifier.type === 'ExportSpecifier') addLocal(specifier.local.name);
        }
        break;
      case 'ExportDefaultDeclaration':
        add(statement.declaration, ownName(statement.declaration) ?? 'default');
        break;
      case 'TSExportAssignment':
        if (statement.expression.type === 'Identifier') addLocal(statement.expression.name);
        else addExports(statement.expression, 'default', add);
        break;
      case 'ExpressionStatement':
        collectCommonJs(statement.expression, exporters, add);
        break;
      case 'VariableDeclaration':
        // `const api = module.exports = { … }`
        for (const { init } of statement.declarations) if (init) collectCommonJs(init, exporters, add);
        break;
      default:
    }
  }
}

/** Names of the object that is exported: `const api = module.exports = {}`, `const self = exports`, `module.exports = api`. */
function exportsNames(body: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  const put = (targets: readonly Node[]): void => {
    const value = targets.at(-1);
    const isAlias = value?.type === 'Identifier' && value.name === 'exports';
    if (!isAlias && !targets.some((target) => commonJsName(target, names) === 'module.exports')) return;
    for (const target of targets) if (target.type === 'Identifier') names.add(target.name);
  };
  for (const statement of body) {
    if (statement.type === 'ExpressionStatement') put(assigned(statement.expression));
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (init) put([id, ...assigned(init)]);
  }
  return names;
}

/** `a = b = c`: all three. */
function assigned(expression: Node): Node[] {
  return expression.type === 'AssignmentExpression' && expression.operator === '='
    ? [expression.left, ...assigned(expression.right)]
    : [expression];
}

/** `module.exports = …`, `exports.f = …`, `exports = module.exports = …`: the value is the rightmost. */
function collectCommonJs(
  expression: Node,
  exporters: ReadonlySet<string>,
  add: (node: Node, name: string) => void,
): void {
  if (expression.type === 'SequenceExpression') {
    for (const part of expression.expressions) collectCommonJs(part, exporters, add);
    return;
  }
  const targets = assigned(expression);
  const value = targets.pop();
  const name = targets
    .map((target) => commonJsName(target, exporters))
    .findLast((name) => name !== undefined);
  if (value === undefined || name === undefined) return;
  if (name === 'module.exports') addExports(value, name, add);
  else add(value, name);
}

/** What is exported as a whole: the properties of an object are the module's exports then, and no methods. */
function addExports(value: Node, name: string, add: (node: Node, name: string) => void): void {
  const node = unwrapExpression(value);
  if (node.type !== 'ObjectExpression') return add(node, name);
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') continue;
    const key = keyName(property.key, property.computed) ?? '[computed]';
    if (property.type === 'ObjectProperty') add(property.value, key);
    else if (property.kind === 'method') add(property, key);
  }
}

/**
 * The name under which an assignment to this exports, `module.exports` for all of it; undefined if it does not export.
 *
 * @param exporters other names of what is exported
 */
function commonJsName(target: Node, exporters: ReadonlySet<string>): string | undefined {
  if (target.type !== 'MemberExpression') return undefined;
  const property = keyName(target.property, target.computed);
  if (target.object.type === 'Identifier') {
    const { name } = target.object;
    if (name === 'exports' || exporters.has(name)) return property;
    return name === 'module' && property === 'exports' ? 'module.exports' : undefined;
  }
  return commonJsName(target.object, exporters) === 'module.exports' ? property : undefined;
}

function collectDeclaration(declaration: Node, add: (node: Node, name: string) => void): void {
  if (declaration.type === 'VariableDeclaration') {
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && init) add(init, id.name);
    }
  } else {
    const name = ownName(declaration);
    if (name !== undefined) add(declaration, name);
  }
}

/** What is exported under `name`: a function, something with functions in it, or a name for one of these. */
function collectValue(value: Node, name: string, method: boolean, module: Module): void {
  const node = unwrapExpression(value);
  if (isFunction(node)) {
    const target = module.found.get(node);
    if (target !== undefined) target.method &&= method;
    else {
      const own = node.type === 'FunctionExpression' ? ownName(node) : undefined;
      module.found.set(node, { node, name: own ?? name, method, requested: undefined });
    }
    return;
  }
  if (module.seen.has(node)) return;
  module.seen.add(node);
  switch (node.type) {
    case 'ClassDeclaration':
      collectClass(node, name, module);
      break;
    case 'ClassExpression':
      collectClass(node, ownName(node) ?? name, module);
      break;
    case 'ObjectExpression':
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') continue;
        const own = keyName(property.key, property.computed) ?? '[computed]';
        const key = name === '' ? own : `${name}.${own}`;
        if (property.type === 'ObjectProperty') collectValue(property.value, key, true, module);
        else if (property.kind === 'method') collectValue(property, key, true, module);
      }
      break;
    case 'TSModuleDeclaration':
      if (node.declare) break;
      if (node.body.type === 'TSModuleBlock') collectModule(node.body.body, `${name}.`, module.found);
      // `namespace A.B { }` is a namespace in a namespace.
      else collectValue(node.body, `${name}.${ownName(node.body) ?? ''}`, method, module);
      break;
    case 'Identifier':
      for (const declared of module.locals.get(node.name) ?? []) {
        collectValue(declared, node.name, method, module);
      }
      break;
    case 'NewExpression':
      // A class of which an instance is exported is as good as exported.
      collectValue(node.callee, name, method, module);
      break;
    default:
  }
}

function collectClass(node: t.ClassDeclaration | t.ClassExpression, className: string, module: Module): void {
  for (const member of node.body.body) {
    const isMethod = member.type === 'ClassMethod';
    if (!isMethod && member.type !== 'ClassProperty' && member.type !== 'ClassAccessorProperty') continue;
    if (member.accessibility === 'private' || member.key.type === 'PrivateName') continue;
    const code = isMethod ? member : member.value && unwrapExpression(member.value);
    if (!code || !isFunction(code) || (isMethod && member.kind !== 'method')) continue;
    const key = keyName(member.key, member.computed === true) ?? '[computed]';
    collectValue(code, `${className}.${key}`, true, module);
  }
}

/** What a module's own names stand for, at its top level. */
function declarations(body: readonly Node[]): Module['locals'] {
  const names = new Map<string, Node[]>();
  const declare = (name: string, node: Node): void =>
    void names.set(name, [...(names.get(name) ?? []), node]);
  for (const statement of body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' && statement.declaration
        ? statement.declaration
        : statement;
    if (declaration.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && init) declare(id.name, unwrapExpression(init));
      }
    } else if (/^(Function|Class|TSModule)Declaration$/.test(declaration.type)) {
      const name = ownName(declaration);
      if (name !== undefined) declare(name, declaration);
    }
  }
  return names;
}

/** The name that a declaration, or an expression like one, has of itself. */
function ownName(node: Node): string | undefined {
  return 'id' in node && node.id?.type === 'Identifier' ? node.id.name : undefined;
}
