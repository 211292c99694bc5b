/** What a build can be asked for by pragmas alone: all of a module's functions, exported or not, async or not. */
import MagicString from 'magic-string';
import { isFunction, walk } from '../../src/transform/ast.ts';
import { parseModule } from '../../src/transform/parse.ts';

/** The text with `@replaystack-capture` before each of its functions; as it is, if it cannot be parsed. */
export function askForEverything(code: string, file: string): string {
  const module = parseModule(code, file);
  if ('reason' in module) return code;
  const starts = new Set<number>();
  walk(module.program, (node) => {
    if (isFunction(node)) starts.add(node.start as number);
  });
  const text = new MagicString(code);
  for (const start of starts) text.appendLeft(start, '/* @replaystack-capture */');
  return text.toString();
}
