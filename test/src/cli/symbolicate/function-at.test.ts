/** Names of functions by a place in them, in programs whose lines say in a comment which function they are in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionAt } from '../../../../src/cli/symbolicate/function-at.ts';
import { root } from '../../../support/transform-fixtures.ts';

const directory = join(root, 'fixtures/stack');

/** Names that are the engine's own, or known when the program runs alone. */
const UNKNOWN = /^<|^\[Symbol\./;

const marked = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(directory, file), 'utf8');
    return text.split('\n').flatMap((line, index) => {
      const names = /\/\* @frame (.*) \*\//.exec(line)?.[1]?.split(', minified ');
      // Of a method that is inherited, the class is the one that has it, as in a minified bundle.
      const name = names?.at(-1);
      if (name === undefined || name === '*') return [];
      return [{ name, file, text, line: index + 1, column: line.search(/\S/) + 1 }];
    });
  });

test.each(marked)('$name, in line $line of $file', ({ name, file, text, line, column }) => {
  const told = functionAt(text, file, line, column);
  if (UNKNOWN.test(name)) expect(told).toBeUndefined();
  // What the engine calls an object has a name in the source.
  else if (name.startsWith('Object.')) expect(told?.split('.').at(-1)).toBe(name.slice('Object.'.length));
  else expect(told).toBe(name);
});

test('outside of all functions there is no name, and in no script none can be told', () => {
  expect(functionAt('f();', 'src/a.ts', 1, 1)).toBeNull();
  expect(functionAt('<template><p /></template>\n<script>f()</script>', 'src/a.vue', 2, 9)).toBeUndefined();
});
