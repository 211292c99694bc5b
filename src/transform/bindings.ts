/**
 * What the names of a module stand for: where each was declared, and with what. Enough to follow an app from `express()`
 * to `app.get(…)`; a name that is declared more than once is looked up in real scopes, which costs, and is rare.
 */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { keyName, walk } from './ast.ts';
import type { Import } from './loading.ts';
import { importedNames } from './loading.ts';
import type { TypeName } from './type-names.ts';
import { annotatedType, memberTypes } from './type-names.ts';

/** One declaration of a name. */
export interface Binding {
  name: string;
  /** The identifier that declares it. */
  identifier: Node;
  kind: 'import' | 'variable' | 'parameter' | 'other';
  /** Import: the package or file, and the exported name (`default`, `*`). */
  imported?: Import;
  /** Variable: it is this property of a value, `const { Router } = express`. */
  taken?: { from: Node; property: string };
  /** Variable: its initial value; more are in {@link Bindings.assigned}. */
  init?: Node;
  /** The name in the type annotation: `app: Express` gives `Express`. */
  typeName?: TypeName;
  /** Class: what it extends. */
  superClass?: Node;
}

export interface Bindings {
  byName: ReadonlyMap<string, readonly Binding[]>;
  /** What is assigned to names after their declaration. */
  assigned: ReadonlyMap<string, readonly Node[]>;
  /**
   * Fields of classes, by name: `this.router = Router()`, `#router = Router()`, `constructor(private app: Express)`; and, as
   * `exports.router`, those of a CommonJS module's exports.
   */
  fields: ReadonlyMap<string, readonly { value?: Node; typeName?: TypeName }[]>;
}

/** Several ask for those of the same module. */
const known = new WeakMap<t.Program, Bindings>();

/** Every declaration of the module. */
export function bindingsOf(program: t.Program): Bindings {
  let bindings = known.get(program);
  if (bindings === undefined) known.set(program, (bindings = collectBindings(program)));
  return bindings;
}

/** In one walk. */
function collectBindings(program: t.Program): Bindings {
  const byName = new Map<string, Binding[]>();
  const assigned = new Map<string, Node[]>();
  const fields = new Map<string, { value?: Node; typeName?: TypeName }[]>();
  const put = <V>(map: Map<string, V[]>, name: string, value: V): void => {
    const values = map.get(name);
    if (values) values.push(value);
    else map.set(name, [value]);
  };
  const declare = (binding: Binding): void => put(byName, binding.name, binding);

  walk(program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const { local, imported } of importedNames(node)) {
          declare({ ...named(local, 'import'), imported });
        }
        return false;
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          const source = node.moduleReference.expression.value;
          declare({ ...named(node.id, 'import'), imported: { source, name: 'default' } });
        }
        return false;
      case 'VariableDeclarator':
        declareVariable(node, declare);
        return true;
      case 'AssignmentExpression':
        if (node.left.type === 'Identifier') put(assigned, node.left.name, node.right);
        else if (isField(node.left)) put(fields, fieldName(node.left), { value: node.right });
        return true;
      case 'ClassProperty':
      case 'ClassPrivateProperty': {
        const name = keyName(node.key, 'computed' in node && node.computed === true);
        if (name !== undefined) put(fields, name, typed(node.typeAnnotation, node.value));
        return true;
      }
      case 'CatchClause':
        if (node.param) declarePattern(node.param, 'other', declare);
        return true;
      default:
        if ('id' in node && node.id?.type === 'Identifier' && /^(Function|Class)/.test(node.type)) {
          const superClass = 'superClass' in node ? node.superClass : undefined;
          declare({ ...named(node.id, 'other'), ...(superClass && { superClass }) });
        }
        if ('params' in node && Array.isArray(node.params)) {
          for (const parameter of node.params as Node[]) {
            if (parameter.type === 'TSParameterProperty' && parameter.parameter.type === 'Identifier') {
              put(fields, parameter.parameter.name, typed(parameter.parameter.typeAnnotation));
            }
            declarePattern(parameter, 'parameter', declare);
          }
        }
        return true;
    }
  });
  return { byName, assigned, fields };
}

/** `this.name`, `this.#name` or `exports.name`, which is a data property if the module assigns it. */
export type Field = t.MemberExpression & { property: t.Identifier | t.PrivateName };

export function isField(node: Node): node is Field {
  return (
    node.type === 'MemberExpression' &&
    (node.object.type === 'ThisExpression' || isExports(node.object)) &&
    !node.computed &&
    (node.property.type === 'Identifier' || node.property.type === 'PrivateName')
  );
}

function isExports(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'exports';
}

/** `name` or `#name` of `this`, and `exports.name`. */
export function fieldName({ object, property }: Field): string {
  if (property.type === 'PrivateName') return `#${property.id.name}`;
  return isExports(object) ? `exports.${property.name}` : property.name;
}

function named(identifier: t.Identifier, kind: Binding['kind']): Binding {
  const typeName = annotatedType(identifier.typeAnnotation);
  return { name: identifier.name, identifier, kind, ...(typeName !== undefined && { typeName }) };
}

/** `const { Router, json: parse } = express` takes properties, which may be those of a module. */
function declareVariable({ id, init }: t.VariableDeclarator, declare: (binding: Binding) => void): void {
  if (id.type === 'Identifier') {
    declare({ ...named(id, 'variable'), ...(init && { init }) });
    return;
  }
  declarePattern(id, 'variable', (binding) => {
    const property =
      id.type === 'ObjectPattern' &&
      id.properties.find(
        (property) => property.type === 'ObjectProperty' && property.value === binding.identifier,
      );
    if (init && property && property.type === 'ObjectProperty') {
      const name = keyName(property.key, property.computed);
      if (name !== undefined) binding.taken = { from: init, property: name };
    }
    declare(binding);
  });
}

function declarePattern(
  pattern: Node,
  kind: Binding['kind'],
  declare: (binding: Binding) => void,
  type?: TypeName,
): void {
  switch (pattern.type) {
    case 'Identifier':
      declare({ ...(type !== undefined && { typeName: type }), ...named(pattern, kind) });
      break;
    case 'AssignmentPattern': {
      const { left, right } = pattern;
      // `app = express()` as a parameter is as good as a variable, unless a caller knows better.
      const init = left.type === 'Identifier' ? right : undefined;
      declarePattern(left, kind, (binding) => declare({ ...binding, ...(init && { init }) }), type);
      break;
    }
    case 'RestElement':
      declarePattern(pattern.argument, kind, declare);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) declarePattern(element, kind, declare);
      break;
    case 'ObjectPattern': {
      const members = memberTypes(pattern.typeAnnotation);
      for (const property of pattern.properties) {
        if (property.type !== 'ObjectProperty') declarePattern(property, kind, declare);
        else {
          const key = keyName(property.key, property.computed);
          declarePattern(property.value, kind, declare, key === undefined ? undefined : members.get(key));
        }
      }
      break;
    }
    case 'TSParameterProperty':
      declarePattern(pattern.parameter, kind, declare);
      break;
    default:
  }
}

function typed(
  annotation: Node | null | undefined,
  value?: Node | null,
): { value?: Node; typeName?: TypeName } {
  const typeName = annotatedType(annotation);
  return { ...(value && { value }), ...(typeName !== undefined && { typeName }) };
}
