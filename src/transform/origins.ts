/** Which package a value, a type or an app of the module comes from, as far as its own text tells. */
import type { Node } from './ast.ts';
import { keyName, unwrapExpression } from './ast.ts';
import type { Binding, Bindings } from './bindings.ts';
import type { Recogniser } from './frameworks/types.ts';
import type { Import } from './loading.ts';
import { loadedModule } from './loading.ts';

export interface Origins {
  /** The recogniser whose factory this call is, and whether that makes an app. */
  factoryOf(call: Node): { recogniser: Recogniser; app: boolean } | undefined;
  /** The recogniser of which this type is an app: `Express` as imported, or `express.Express` where `express` is. */
  recogniserOfType(typeName: string | undefined): Recogniser | undefined;
  /** Nothing tells what the name stands for, and nothing tells that it stands for something else than an app. */
  isUnknown(binding: Binding | undefined): boolean;
}

export function findOrigins({ byName, assigned }: Bindings, recognisers: readonly Recogniser[]): Origins {
  /** By name; each is looked into once, however often and in whichever circles names stand for each other. */
  const known = new Map<string, Import | undefined>();

  /** The export that an expression is: `Router`, `express.Router`, `require('express').Router`. */
  function exportOf(value: Node): Import | undefined {
    const node = unwrapExpression(value);
    if (node.type === 'Identifier') return exportOfName(node.name);
    if (node.type !== 'MemberExpression') return loadedModule(node);
    return memberOf(exportOf(node.object), keyName(node.property, node.computed));
  }

  function exportOfName(name: string): Import | undefined {
    if (known.has(name)) return known.get(name);
    known.set(name, undefined);
    for (const { imported, taken, init } of byName.get(name) ?? []) {
      const origin =
        imported ?? (taken ? memberOf(exportOf(taken.from), taken.property) : init && exportOf(init));
      if (origin === undefined) continue;
      known.set(name, origin);
      return origin;
    }
    return undefined;
  }

  function typeImport(typeName: string): Import | undefined {
    const [head = '', member] = typeName.split('.');
    const imported = byName.get(head)?.find((binding) => binding.imported)?.imported;
    return imported && { source: imported.source, name: member ?? imported.name };
  }

  return {
    factoryOf(node) {
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
      const origin = exportOf(node.callee);
      if (origin === undefined) return undefined;
      const name = origin.name === '*' ? 'default' : origin.name;
      const by = node.type === 'NewExpression' ? 'new' : 'call';
      for (const recogniser of recognisers) {
        if (!recogniser.packages.includes(origin.source)) continue;
        const factory = recogniser.factories.find(
          (factory) => factory.export === name && (factory.by === by || factory.by === 'either'),
        );
        if (factory !== undefined) return { recogniser, app: factory.app };
      }
      return undefined;
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
      // What a function of the application gives: `createApp()`, `await createApp()`.
      const call = unwrapExpression(value.type === 'AwaitExpression' ? value.argument : value);
      if (call.type !== 'CallExpression') return false;
      const callee = exportOf(call.callee);
      return callee === undefined ? call.callee.type === 'Identifier' : isLocal(callee);
    },
  };
}

/** A module of the application itself, of which the build sees one at a time. */
function isLocal({ source }: Import): boolean {
  return /^(?:\.|#|~|@\/)/.test(source);
}

function memberOf(owner: Import | undefined, property: string | undefined): Import | undefined {
  if (owner === undefined || property === undefined || !/^(?:default|\*)$/.test(owner.name)) return undefined;
  return { source: owner.source, name: property };
}
