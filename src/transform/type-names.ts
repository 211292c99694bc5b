/** What type annotations name, as far as that can tell an app. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { keyName } from './ast.ts';
import type { Import } from './loading.ts';

/** A type as a module names it: `Express`, `express.Express`, or what `import('express').Express` imports. */
export type TypeName = string | Import;

/** `: Express`, `: express.Router`, `: Hono<Env>`, `: import('express').Express`; of `Express | undefined`, what is named. */
export function annotatedType(annotation: Node | null | undefined): TypeName | undefined {
  return annotation?.type === 'TSTypeAnnotation' ? typeName(annotation.typeAnnotation) : undefined;
}

/** Of `{ app: Express }`, by member. */
export function memberTypes(annotation: Node | null | undefined): ReadonlyMap<string, TypeName> {
  const types = new Map<string, TypeName>();
  if (annotation?.type !== 'TSTypeAnnotation' || annotation.typeAnnotation.type !== 'TSTypeLiteral')
    return types;
  for (const member of annotation.typeAnnotation.members) {
    if (member.type !== 'TSPropertySignature') continue;
    const key = keyName(member.key, member.computed === true);
    const type = annotatedType(member.typeAnnotation);
    if (key !== undefined && type !== undefined) types.set(key, type);
  }
  return types;
}

function typeName(type: Node): TypeName | undefined {
  switch (type.type) {
    case 'TSTypeReference':
      return type.typeName.type === 'Identifier'
        ? type.typeName.name
        : `${leftmost(type.typeName)}.${rightmost(type.typeName)}`;
    case 'TSImportType': {
      const { argument, qualifier } = type;
      return qualifier?.type === 'Identifier' ? { source: argument.value, name: qualifier.name } : undefined;
    }
    case 'TSParenthesizedType':
      return typeName(type.typeAnnotation);
    case 'TSUnionType':
    case 'TSIntersectionType': {
      const names = type.types.map(typeName).filter((name) => name !== undefined);
      return names.length === 1 ? names[0] : undefined;
    }
    default:
      return undefined;
  }
}

function leftmost(name: t.TSEntityName): string {
  return name.type === 'TSQualifiedName'
    ? leftmost(name.left)
    : name.type === 'Identifier'
      ? name.name
      : 'this';
}

function rightmost(name: t.TSQualifiedName): string {
  return name.right.name;
}
