/** Every function of a module instrumented: exported or not, async or not, wherever it stands. */
import { isFunction, walk } from '../../../src/transform/ast.ts';
import { toInsertions } from '../../../src/transform/edits.ts';
import type { TransformResult } from '../../../src/transform/index.ts';
import { parseModule } from '../../../src/transform/parse.ts';
import { transform } from '../../support/transform-fixtures.ts';

/** The text with `@replaystack-capture` before each of its functions; as it is, if it cannot be parsed. */
export function askForEverything(code: string, file: string): string {
  const module = parseModule(code, file);
  if ('reason' in module) return code;
  const starts = new Set<number>();
  walk(module.program, (node) => {
    if (isFunction(node)) starts.add(node.start as number);
  });
  const pragmas = [...starts].map((start) => ({
    start,
    end: start,
    open: '/* @replaystack-capture */',
    close: '',
  }));
  let text = code;
  for (const [position, added] of toInsertions(pragmas).reverse()) {
    text = text.slice(0, position) + added + text.slice(position);
  }
  return text;
}

/** What the transform makes of such a text; undefined if it holds no function. */
export function hookEverything(code: string, file: string): Promise<TransformResult | undefined> {
  return transform(askForEverything(code, file), file);
}
