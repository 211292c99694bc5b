import type { TransformResult } from '../../../src/transform/index.ts';
import { transform } from '../../support/transform-fixtures.ts';
import { askForEverything } from '../ask-for-everything.ts';

/** What the transform makes of a module that asks for all of its functions; undefined if it holds none. */
export function hookEverything(code: string, file: string): Promise<TransformResult | undefined> {
  return transform(askForEverything(code, file), file);
}
