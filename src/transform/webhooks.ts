/** Handlers of which a `@replaystack-webhook` pragma says that others call them, to tell of something. */
import type { Edit } from './edits.ts';
import type { FunctionNode } from './ast.ts';
import { isFunction, walk } from './ast.ts';
import type { Pragma } from './pragmas.ts';

/** The functions that the pragmas are about; those in functions of what they stand before are not. */
export function findWebhooks(pragmas: readonly Pragma[]): FunctionNode[] {
  return pragmas.flatMap((pragma) => {
    const found: FunctionNode[] = [];
    if (pragma.name !== '@replaystack-webhook' || pragma.node === undefined) return found;
    walk(pragma.node, (node) => {
      if (!isFunction(node)) return true;
      if (!('kind' in node) || node.kind === 'method') found.push(node);
      return false;
    });
    if (found.length > 0) pragma.applied = true;
    return found;
  });
}

/** A call of the hook before anything else in the function. */
export function webhookEdit({ body }: FunctionNode, hook: string): Edit {
  const [start, end] = [body.start as number, body.end as number];
  if (body.type !== 'BlockStatement') return { start, end, open: `(${hook}(),`, close: ')' };
  const directive = body.directives.at(-1);
  // As long as all that is in the function, so that what opens its scope goes around it.
  return {
    start: directive ? (directive.end as number) : start + 1,
    end: end - 1,
    open: `${directive ? ';' : ''}${hook}();`,
    close: '',
  };
}
