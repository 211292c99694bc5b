/** Which expressions of a module are a framework's app, router or route, and how sure the build is of it. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { isMethodCall, unwrapExpression } from './ast.ts';
import type { Binding } from './bindings.ts';
import { bindingsOf, fieldName, isField } from './bindings.ts';
import type { Recogniser } from './frameworks/types.ts';
import type { Made } from './origins.ts';
import { findOrigins, firstOf } from './origins.ts';
import type { ParsedModule } from './parse.ts';
import { bindingOf } from './scopes.ts';

/** What a registration is called on. */
export interface Owner {
  /** How the module names it; undefined for the creation itself. */
  text: string | undefined;
  recognisers: readonly Recogniser[];
  /** Its creation or type was seen. If not, its name alone speaks for it. */
  certain: boolean;
}

export interface AppResolver {
  /** The factory that this call is, if there is anything to do about it. */
  createdBy(call: Node): Made | undefined;
  ownerOf(receiver: Node): Owner | undefined;
}

/** @param packages that the project declares, if that is known */
export function createAppResolver(
  module: ParsedModule,
  recognisers: readonly Recogniser[],
  packages?: ReadonlySet<string>,
): AppResolver {
  const { byName } = bindingsOf(module.program);
  // Who takes an ambiguous name for everything that it may stand for, or for none of it, misses no app. Most modules have
  // none then, and need no scopes.
  const meanings = (reference: t.Identifier): readonly (Binding | undefined)[] => {
    const candidates = byName.get(reference.name) ?? [];
    return candidates.length === 1 ? candidates : [...candidates, undefined];
  };
  const generous = createResolver(module, recognisers, packages, meanings);
  const exact = createResolver(module, recognisers, packages, (reference) => [bindingOf(module, reference)]);
  return {
    createdBy: exact.createdBy,
    ownerOf: (receiver) => generous.ownerOf(receiver) && exact.ownerOf(receiver),
  };
}

function createResolver(
  module: ParsedModule,
  recognisers: readonly Recogniser[],
  packages: ReadonlySet<string> | undefined,
  meaningsOf: (reference: t.Identifier) => readonly (Binding | undefined)[],
): AppResolver {
  const bindings = bindingsOf(module.program);
  const { factoryOf, recogniserOfType, isUnknown } = findOrigins(module, recognisers, packages);

  /** By binding or field; each is looked into once, however often and in whichever circles they stand for each other. */
  const known = new Map<Binding | string, Recogniser | undefined>();

  function once(key: Binding | string, find: () => Recogniser | undefined): Recogniser | undefined {
    if (known.has(key)) return known.get(key);
    known.set(key, undefined);
    const found = find();
    known.set(key, found);
    return found;
  }

  /** The recogniser of the app that a value is, if that is certain. */
  function certainOf(value: Node | undefined): Recogniser | undefined {
    const node = value && unwrapExpression(value);
    switch (node?.type) {
      case 'Identifier':
        return firstOf(meaningsOf(node), certainBinding);
      case 'MemberExpression':
        return isField(node) ? certainField(fieldName(node)) : undefined;
      case 'AssignmentExpression':
        return certainOf(node.right);
      case 'AwaitExpression':
        return certainOf(node.argument);
      case 'LogicalExpression':
        return certainOf(node.right) ?? certainOf(node.left);
      case 'ConditionalExpression':
        return certainOf(node.consequent) ?? certainOf(node.alternate);
      case 'NewExpression':
        return factoryOf(node)?.recogniser;
      case 'CallExpression':
      case 'OptionalCallExpression': {
        const made = factoryOf(node)?.recogniser;
        if (made !== undefined || !isMethodCall(node)) return made;
        const recogniser = certainOf(node.callee.object);
        return recogniser && continues(recogniser, node.callee.property.name) ? recogniser : undefined;
      }
      default:
        return undefined;
    }
  }

  function certainBinding(binding: Binding | undefined): Recogniser | undefined {
    if (binding === undefined) return undefined;
    return once(binding, () => {
      const typed = recogniserOfType(binding.typeName);
      if (typed !== undefined || !/^(variable|parameter)$/.test(binding.kind)) return typed;
      return firstOf([binding.init, ...(bindings.assigned.get(binding.name) ?? [])], certainOf);
    });
  }

  function certainField(name: string): Recogniser | undefined {
    const fields = bindings.fields.get(name) ?? [];
    return once(name, () =>
      firstOf(fields, ({ typeName, value }) => recogniserOfType(typeName) ?? certainOf(value)),
    );
  }

  /** What a value goes by of which nothing else is known: the name of a variable, or of a field that is given one such. */
  function unknownName(root: Node): string | undefined {
    if (root.type === 'Identifier') return meaningsOf(root).some(isUnknown) ? root.name : undefined;
    if (!isField(root) || root.object.type !== 'ThisExpression') return undefined;
    const name = fieldName(root);
    const fields = bindings.fields.get(name) ?? [];
    const isGiven = fields.some(({ typeName, value }) => {
      const node = typeName === undefined && value ? unwrapExpression(value) : undefined;
      return node?.type === 'Identifier' && meaningsOf(node).some(isUnknown);
    });
    return isGiven ? name.replace(/^#/, '') : undefined;
  }

  return {
    createdBy(call) {
      const made = factoryOf(call);
      if (made === undefined) return undefined;
      const { factory, recogniser } = made;
      const isHooked = factory.app && (recogniser.hooks.app ?? recogniser.hooks.options) !== undefined;
      return isHooked || factory.holds !== undefined ? made : undefined;
    },
    ownerOf(receiver) {
      const root = rootOf(receiver, (node) => factoryOf(node) !== undefined);
      const certain = certainOf(receiver);
      const text = nameOf(root);
      if (certain !== undefined) return { text, recognisers: [certain], certain: true };
      const name = unknownName(root);
      if (text === undefined || name === undefined) return undefined;
      const possible = recognisers.filter(
        (recogniser) => recogniser.receivers.test(name) && leadsTo(receiver, recogniser),
      );
      return possible.length > 0 ? { text, recognisers: possible, certain: false } : undefined;
    },
  };
}

function continues(recogniser: Recogniser, method: string): boolean {
  const { methods, chains, object } = recogniser;
  return [...methods, ...chains, object?.method].includes(method);
}

/** Whether a chain of calls is one that the recogniser knows from beginning to end. */
function leadsTo(receiver: Node, recogniser: Recogniser): boolean {
  const node = unwrapExpression(receiver);
  if (!isMethodCall(node)) return node.type === 'Identifier' || isField(node);
  return continues(recogniser, node.callee.property.name) && leadsTo(node.callee.object, recogniser);
}

/** What a chain of calls starts from: a name, or the call that makes the app, which may look like one more link. */
function rootOf(receiver: Node, isCreation: (node: Node) => boolean = () => false): Node {
  const node = unwrapExpression(receiver);
  if (!isMethodCall(node) || isCreation(node)) return node;
  return rootOf(node.callee.object, isCreation);
}

/** A field is read again only if the class is seen to assign it, so that it is no getter. */
function nameOf(root: Node): string | undefined {
  if (root.type === 'Identifier') return root.name;
  if (!isField(root)) return undefined;
  return root.object.type === 'ThisExpression' ? `this.${fieldName(root)}` : fieldName(root);
}
