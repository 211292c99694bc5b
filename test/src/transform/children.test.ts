/** The table of what is below what holds all that Babel's own has, but for types. */
import { types } from '@babel/core';
import { expect, test } from 'vitest';
import { childKeys } from '../../../src/transform/children.ts';

const { VISITOR_KEYS } = types;

const NO_CODE =
  /^(type|typeAnnotation|typeParameters|typeArguments|returnType|predicate|superTypeParameters|implements)$/;

/** Interfaces and type aliases hold nothing but types. */
const LEFT_OUT = /^TS(Interface|TypeAlias)Declaration$/;

test('of every type of node', () => {
  for (const [type, keys] of Object.entries(VISITOR_KEYS)) {
    if (LEFT_OUT.test(type)) continue;
    const node = { type, start: 0, end: 1, ...Object.fromEntries(keys.map((key) => [key, null])) };
    expect([type, ...childKeys(node)]).toEqual([type, ...keys.filter((key) => !NO_CODE.test(key))]);
  }
});
