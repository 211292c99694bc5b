/** Which package a value, a type or an app of the module comes from, as far as its own text tells. */
import { isBuiltin } from 'node:module';
import type { Node } from './ast.ts';
import { isMethodCall, keyName, unwrapExpression } from './ast.ts';
import type { Binding } from './bindings.ts';
import { bindingsOf } from './bindings.ts';
import type { Factory, Recogniser } from './frameworks/types.ts';
import type { Import } from './loading.ts';
import { loadedModule } from './loading.ts';
import type { ParsedModule } from './parse.ts';
import { bindingOf } from './scopes.ts';
import type { TypeName } from './type-names.ts';

export interface Origins {
  /** The recogniser whose factory this call is, and which one. */
  factoryOf(call: Node): Made | undefined;
  /** The recogniser of which this type is an app: `Express` as imported, or `express.Express` where `express` is. */
  recogniserOfType(typeName: TypeName | undefined): Recogniser | undefined;
  /** Nothing tells what the name stands for, and nothing tells that it stands for something else than an app. */
  isUnknown(binding: Binding | undefined): boolean;
}

/** What a call makes. */
export interface Made {
  recogniser: Recogniser;
  factory: Factory;
}

/** @param packages that the project declares, if that is known */
export function findOrigins(
  module: ParsedModule,
  recognisers: readonly Recogniser[],
  packages?: ReadonlySet<string>,
): Origins {
  const { byName, assigned } = bindingsOf(module.program);
  /** By name; each is looked into once, however often and in whichever circles names stand for each other. */
  const known = new Map<string, Import | undefined>();
  const makers = new Map<string, Import | undefined>();
  const statics = new Set(
    recognisers.flatMap(({ factories }) =>
      factories.flatMap(({ by, method }) => (by === 'static' && method !== undefined ? [method] : [])),
    ),
  );

  /** The export that an expression is: `Router`, `express.Router`, `require('express').Router`. */
  function exportOf(value: Node): Import | undefined {
    const node = unwrapExpression(value);
    if (node.type === 'Identifier') return exportOfName(node.name);
    // `(0, express_1.Router)()`, as compilers write a call that must not have `express_1` as its `this`.
    if (node.type === 'SequenceExpression') return exportOf(node.expressions.at(-1) as Node);
    if (node.type !== 'MemberExpression') return loadedModule(node);
    return memberOf(exportOf(node.object), keyName(node.property, node.computed));
  }

  function exportOfName(name: string): Import | undefined {
    if (known.has(name)) return known.get(name);
    known.set(name, undefined);
    for (const { imported, taken, init, superClass } of byName.get(name) ?? []) {
      // A class stands for the one that it extends.
      const value = init ?? superClass;
      const origin =
        imported ?? (taken ? memberOf(exportOf(taken.from), taken.property) : value && exportOf(value));
      if (origin === undefined) continue;
      known.set(name, origin);
      return origin;
    }
    return undefined;
  }

  function typeImport(typeName: TypeName): Import | undefined {
    if (typeof typeName !== 'string') return typeName;
    const [head = '', member] = typeName.split('.');
    const imported = byName.get(head)?.find((binding) => binding.imported)?.imported;
    return imported && { source: imported.source, name: member ?? imported.name };
  }

  /** The export that a value was made by, in however many steps: `new Server().listen()`. */
  function makerOf(value: Node): Import | undefined {
    const node = unwrapExpression(value);
    const origin = exportOf(node);
    if (origin !== undefined) return origin;
    switch (node.type) {
      case 'AwaitExpression':
        return makerOf(node.argument);
      case 'CallExpression':
      case 'NewExpression':
        return makerOf(node.callee);
      case 'MemberExpression':
        return makerOf(node.object);
      case 'Identifier':
        if (!makers.has(node.name)) {
          makers.set(node.name, undefined);
          makers.set(node.name, firstOf(valuesOf(node), makerOf));
        }
        return makers.get(node.name);
      default:
        return undefined;
    }
  }

  /** A value, or those that its name is given where it is declared. */
  function valuesOf(value: Node): Node[] {
    const node = unwrapExpression(value);
    if (node.type !== 'Identifier') return [node];
    return (byName.get(node.name) ?? []).flatMap(({ init, taken }) => taken?.from ?? init ?? []);
  }

  /** What a call or a `new` makes by itself, or, with a method, what that method of it makes. */
  function findFactory(node: Node, method?: string): Made | undefined {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
    const origin = exportOf(node.callee);
    if (origin === undefined) return undefined;
    const name = origin.name === '*' ? 'default' : origin.name;
    const by = node.type === 'NewExpression' ? 'new' : 'call';
    for (const recogniser of recognisers) {
      if (!recogniser.packages.includes(origin.source)) continue;
      const factory = recogniser.factories.find(
        (factory) =>
          factory.export === name &&
          (factory.by === by || factory.by === 'either') &&
          factory.method === method,
      );
      if (factory !== undefined) return { recogniser, factory };
    }
    return undefined;
  }

  /** What a method of an export makes: `NestFactory.create()`. */
  function findStatic(value: Node, method: string): Made | undefined {
    const owner = statics.has(method) ? exportOf(beginningOf(value, method)) : undefined;
    if (owner === undefined) return undefined;
    return firstOf(recognisers, (recogniser) => {
      if (!recogniser.packages.includes(owner.source)) return undefined;
      const factory = recogniser.factories.find(
        (one) => one.by === 'static' && one.export === owner.name && one.method === method,
      );
      return factory && { recogniser, factory };
    });
  }

  /**
   * What a chain of method calls begins with, in however many variables: `initTRPC` of `initTRPC.context().meta()`. What the
   * method itself gives is another beginning.
   */
  function beginningOf(value: Node, method: string, seen: readonly Node[] = []): Node {
    const node = unwrapExpression(value);
    if (node.type === 'Identifier') {
      const init = bindingOf(module, node)?.init;
      return init === undefined || seen.includes(init) ? node : beginningOf(init, method, [...seen, init]);
    }
    if (!isMethodCall(node) || node.callee.property.name === method) return node;
    return beginningOf(node.callee.object, method, seen);
  }

  /** A module of the application itself, of which the build sees one at a time: by a path, or by an alias for one. */
  function isLocal({ source }: Import): boolean {
    if (/^(?:\.|#|~|@\/|src\/)/.test(source)) return true;
    if (packages === undefined || source.includes(':') || isBuiltin(source)) return false;
    return !packages.has(/^(?:@[^/]+\/)?[^/]*/.exec(source)?.[0] ?? '');
  }

  return {
    factoryOf(node) {
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
      const { callee } = node;
      const found = findFactory(node);
      if (found !== undefined || node.type === 'NewExpression' || callee.type !== 'MemberExpression')
        return found;
      const method = keyName(callee.property, callee.computed);
      if (method === undefined) return undefined;
      return (
        findStatic(callee.object, method) ??
        // `createFactory().createApp()`
        firstOf(valuesOf(callee.object), (maker) => findFactory(maker, method))
      );
    },

    recogniserOfType(typeName) {
      const origin = typeName === undefined ? undefined : typeImport(typeName);
      return recognisers.find(
        ({ packages, types, factories }) =>
          origin !== undefined &&
          packages.includes(origin.source) &&
          (types.includes(origin.name) || factories.some((factory) => factory.export === origin.name)),
      );
    },

    isUnknown(binding) {
      if (binding === undefined) return true;
      const { kind, imported, taken, typeName, init, name } = binding;
      if (imported !== undefined) return isLocal(imported);
      const type = typeName === undefined ? undefined : typeImport(typeName);
      if (type !== undefined && !isLocal(type)) return false;
      if (kind !== 'variable') return kind === 'parameter';
      const value = taken?.from ?? init;
      if (value === undefined) return !assigned.has(name);
      const origin = exportOf(value);
      if (origin !== undefined) return isLocal(origin);
      if (taken !== undefined) return true;
      // What a function of the application gives: `createApp()`, `await createApp()`, `server.createApp()`.
      const call = unwrapExpression(value.type === 'AwaitExpression' ? value.argument : value);
      if (call.type !== 'CallExpression') return false;
      const maker = makerOf(call);
      if (maker !== undefined) return isLocal(maker);
      const callee = unwrapExpression(call.callee);
      return /^(Identifier|MemberExpression)$/.test(callee.type);
    },
  };
}

/** The first result that there is. */
export function firstOf<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const result = read(value);
    if (result !== undefined) return result;
  }
  return undefined;
}

function memberOf(owner: Import | undefined, property: string | undefined): Import | undefined {
  if (owner === undefined || property === undefined || !/^(?:default|\*)$/.test(owner.name)) return undefined;
  return { source: owner.source, name: property };
}
