/**
 * The rewrite of all functions in a module, exported or not, async or not, that safety.ts has nothing against: a hundred times
 * as many as a build would choose, and in as many ways of writing them.
 */
import type { FunctionNode } from '../../../src/transform/ast.ts';
import { isFunction, startOf, walk } from '../../../src/transform/ast.ts';
import type { Edit, Insertion } from '../../../src/transform/edits.ts';
import { toInsertions } from '../../../src/transform/edits.ts';
import { importPosition, importStatement, moduleKind } from '../../../src/transform/module-kind.ts';
import { chooseNames } from '../../../src/transform/names.ts';
import { observeFunction } from '../../../src/transform/observe.ts';
import { parseModule } from '../../../src/transform/parse.ts';
import { unsafeReason } from '../../../src/transform/safety.ts';

const HOOKS = ['enter', 'exit', 'leave', 'done', 'fail', 'settle'];

/** Undefined where there is nothing to rewrite. */
export function observeAll(
  code: string,
  file: string,
): { insertions: Insertion[]; functions: number } | undefined {
  const module = parseModule(code, file);
  if ('reason' in module) return undefined;
  const kind = moduleKind(module, file);
  if (kind === undefined) return undefined;
  const functions: FunctionNode[] = [];
  walk(module.program, (node) => {
    if (isFunction(node) && unsafeReason(code, node) === undefined) functions.push(node);
  });
  if (functions.length === 0) return undefined;
  const names = chooseNames(code);
  const hooks = new Map(HOOKS.map((hook) => [hook, names.hook(hook)]));
  const start = importPosition(module.program, code, module.comments);
  const open = importStatement(kind, 'unplugin-replaystack/runtime', hooks);
  const edits: Edit[] = [{ start, end: start, open, close: '' }];
  for (const node of functions) {
    const site = `${file}:${startOf(node).line}`;
    const options = { site, names, captureArguments: true, typed: false, comments: module.comments };
    edits.push(...observeFunction(code, node, options).edits);
  }
  return { insertions: toInsertions(edits), functions: functions.length };
}
