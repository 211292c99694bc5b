/** Whether a module is still TypeScript, and may be given types. */
import type { types as t } from '@babel/core';
import { walk } from './ast.ts';

/** Under these keys a node has what no JavaScript has. */
const TYPES = [
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
  'accessibility',
  'implements',
];

/** By what is written in it: another step may have taken the types out, and left the file its name. */
export function isTyped(program: t.Program, file: string): boolean {
  if (!/\.[cm]?tsx?$/.test(file)) return false;
  let found = false;
  walk(program, (node) => {
    const held = node as { type: string; importKind?: string } & Record<string, unknown>;
    found ||= held.type.startsWith('TS') || held.importKind === 'type' || TYPES.some((key) => held[key]);
    return !found;
  });
  return found;
}
