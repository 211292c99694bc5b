/** Which functions of a module are to be observed: each once, however many reasons there are. */
import type { Node } from './ast.ts';
import { unwrapExpression } from './ast.ts';
import type { EntryTarget } from './entries.ts';
import type { TransformOptions } from './options.ts';
import type { ParsedModule } from './parse.ts';
import type { Pragma } from './pragmas.ts';
import { findHeldFunctions } from './held.ts';
import type { MethodJob } from './jobs/methods.ts';
import type { AppTarget, Registration } from './registrations.ts';
import { inlineFunctions } from './registrations.ts';
import { findRequestedFunctions } from './requested.ts';
import type { FunctionTarget } from './targets.ts';
import { findExportedFunctions } from './targets.ts';

interface Choice {
  target: FunctionTarget;
  captureArguments: boolean;
  why: string;
}

interface Other {
  node: Node;
  name: string;
  why: string;
}

/** What the application gives to frameworks and libraries. */
interface Found {
  made: readonly AppTarget[];
  registrations: readonly Registration[];
  entries: readonly EntryTarget[];
  methods: readonly MethodJob[];
}

/** @returns beside those that are chosen, the exported ones that are not */
export function chooseFunctions(
  module: ParsedModule,
  pragmas: readonly Pragma[],
  { made, registrations, entries, methods }: Found,
  { functions }: TransformOptions,
): { chosen: Choice[]; others: Other[] } {
  const chosen = new Map<Node, Choice>();
  const others: Other[] = [];
  const captureArguments = functions !== false && functions.captureArguments;
  for (const { handlers, observed = handlers, name } of registrations) {
    for (const node of observed.flatMap(inlineFunctions)) {
      if (!node.async) continue;
      const own = ('id' in node && node.id?.name) || name;
      const target = { node, name: own, method: false, requested: undefined };
      // A handler's arguments are the request and the response, which the event holds anyway.
      chosen.set(node, { target, captureArguments: false, why: 'async, and written where it is registered' });
    }
  }
  for (const { creation, factory } of made) {
    // The arguments are of the request here, too, and of the schema, which is large.
    for (const target of findHeldFunctions(module.program, creation, factory)) {
      if (!target.node.async) continue;
      const why = 'async, and in the options of what is made here';
      chosen.set(target.node, { target, captureArguments: false, why });
    }
  }
  // What a framework has made holds none of the application's.
  const isInternal = entries.some(({ internal }) => internal);
  const exported = isInternal ? [] : findExportedFunctions(module.program);
  const withRequests = entries.filter(({ form }) => form !== 'server function');
  const handlers = new Set([
    ...withRequests.flatMap(({ node, members }) => [unwrapExpression(node), ...members]),
    ...methods.map(({ node }) => node),
  ]);
  for (const target of exported) {
    const { node, name } = target;
    if (chosen.has(node)) continue;
    const why = whyNot(target, functions);
    if (why === undefined) {
      const withArguments = captureArguments && !handlers.has(node);
      chosen.set(node, { target, captureArguments: withArguments, why: 'exported and async' });
    } else if (!handlers.has(node)) others.push({ node, name, why });
  }
  for (const target of findRequestedFunctions(module.program, pragmas, exported)) {
    const already = chosen.get(target.node);
    const why = 'asked for by @replaystack-capture';
    if (already === undefined) chosen.set(target.node, { target, captureArguments, why });
    else already.target = { ...already.target, requested: target.requested };
  }
  return { chosen: [...chosen.values()], others: others.filter(({ node }) => !chosen.has(node)) };
}

/** Why an exported function is not observed unless it is asked for. */
function whyNot(
  { node, method }: FunctionTarget,
  functions: TransformOptions['functions'],
): string | undefined {
  if (functions === false) return 'the option `functions` is false';
  if (!node.async) return 'it is not async: @replaystack-capture before it would have it observed';
  return method && !functions.methods ? 'the option `functions.methods` is false' : undefined;
}
