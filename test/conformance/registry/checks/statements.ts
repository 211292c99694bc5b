/** Statements at the top of a module that hold no target are, to the byte, what they were. */
import type { Directive, Statement } from 'oxc-parser';
import type { Place } from '../../../../src/transform/ast.ts';
import type { Text } from './exports.ts';

const OURS = new Set(['ImportDeclaration', 'VariableDeclaration', 'ExpressionStatement']);

/** @param targets where the report says that something was done */
export function changedStatement(input: Text, output: Text, targets: readonly Place[]): string | undefined {
  const before = input.reading?.result.program.body ?? [];
  const after = [...(output.reading?.result.program.body ?? [])];
  const directives = before.filter((statement) => 'directive' in statement && statement.directive).length;
  const added = after.splice(directives, Math.max(0, after.length - before.length));
  const strange = added.find(({ type }) => !OURS.has(type));
  if (strange !== undefined) return `there is a new ${strange.type}`;
  const offsets = targets.map(offsetIn(input.code));
  const index = before.findIndex((statement, at) => {
    const holdsTarget = offsets.some((offset) => statement.start <= offset && offset < statement.end);
    const isSame = textOf(input.code, statement) === textOf(output.code, after[at]);
    return statement.type !== after[at]?.type || !(isSame || holdsTarget);
  });
  if (index < 0) return undefined;
  const [was, is] = [textOf(input.code, before[index]), textOf(output.code, after[index])];
  return `${was.slice(0, 300)} became ${is.slice(0, 300)}`;
}

function textOf(code: string, statement: Statement | Directive | undefined): string {
  return statement === undefined ? '' : code.slice(statement.start, statement.end);
}

function offsetIn(code: string): (place: Place) => number {
  const starts = [0];
  for (const { index, 0: end } of code.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length);
  return ({ line, column }) => (starts[line - 1] ?? 0) + column - 1;
}
