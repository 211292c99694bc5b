/** What is to be done with a module, as plain data: which targets, which edits, which hooks. */
import { RUNTIME_MODULE } from '../../runtime/protocol.ts';
import type { FunctionNode, Node } from './ast.ts';
import { isFunction, unwrapExpression } from './ast.ts';
import type { Edit } from './edits.ts';
import type { EntryTarget } from './entries.ts';
import { findEntries, parameterList } from './entries.ts';
import { chooseFunctions } from './function-choice.ts';
import type { TransformOptions } from './index.ts';
import { findJobs } from './jobs/find.ts';
import type { LocalNames } from './names.ts';
import { chooseNames } from './names.ts';
import { observeFunction } from './observe.ts';
import type { ParsedModule } from './parse.ts';
import type { Pragma } from './pragmas.ts';
import { pragmaAround } from './pragmas.ts';
import type { AppTarget, Registration } from './registrations.ts';
import { findRegistrations } from './registrations.ts';
import type { Reason } from './safety.ts';
import { unsafeReason } from './safety.ts';
import { mayBeRead, serialisedFunctions } from './serialised.ts';
import { findWebhooks, webhookEdit } from './webhooks.ts';

/** From 1. */
interface Place {
  line: number;
  column: number;
}

/** Something that is instrumented. */
export interface Target extends Place {
  kind: 'function' | 'app' | 'route' | 'middleware' | 'job';
  /** `OrderService.create`, or `POST /orders`. */
  name: string;
  /** Of all but functions: the frameworks it may be of. */
  frameworks?: string[];
}

/** Something that could have been, and was left alone. */
export interface Skip extends Place {
  name: string;
  reason: Reason;
}

/** Something that nobody set out to instrument, but that looks enough like it to ask why not. */
export interface PassedOver extends Place {
  name: string;
  why: string;
}

export interface Plan {
  targets: Target[];
  /** Why each of them is one. */
  evidence: Map<Target, string>;
  skipped: Skip[];
  passedOver: PassedOver[];
  edits: Edit[];
  /** Statements that the module begins with. */
  starts: string[];
  /** Local names of the hooks that the edits call, by hook, by the module they come from. */
  hooks: Map<string, Map<string, string>>;
}

/** Decides for every candidate of the module. Marks the pragmas that had a say in it. */
export async function planModule(
  code: string,
  file: string,
  module: ParsedModule,
  pragmas: readonly Pragma[],
  options: TransformOptions,
): Promise<Plan> {
  const plan: Plan = {
    targets: [],
    evidence: new Map(),
    skipped: [],
    passedOver: [],
    edits: [],
    starts: [],
    hooks: new Map(),
  };
  const names = chooseNames(code);
  const { apps, registrations, unknown } = options.prefilter.mayRegister(code)
    ? await findRegistrations(module, options.recognisers)
    : { apps: [], registrations: [], unknown: [] };
  // What is registered on the app that a call makes goes around the call, and around what makes it ours.
  const jobs = await findJobs(code, module, pragmas, options);
  const taken = [...registrations, ...jobs].filter((registration) =>
    wrapHandlers(plan, names, registration, pragmas),
  );
  const made = apps.filter(({ creation, factory, recogniser: { name } }) => {
    const isWanted = !isIgnored(creation, pragmas);
    if (!isWanted && factory.app)
      plan.passedOver.push({ name, why: 'ignored by a pragma', ...startOf(creation) });
    return isWanted;
  });
  for (const app of made) wrapApp(plan, names, app);
  const entries = findEntries(code, module.program, file, options.conventions);
  for (const entry of entries) openEntry(plan, names, entry, pragmas);

  const isSerialised = serialisedFunctions(code, module.program);
  const found = { made, registrations: taken, entries };
  const { chosen, others } = chooseFunctions(module, pragmas, found, options);
  for (const { target, captureArguments, why } of chosen) {
    const { node, name, requested } = target;
    if (requested) requested.applied = true;
    const reason = isIgnored(node, pragmas)
      ? 'ignored by a pragma'
      : isSerialised(target)
        ? 'its source is sent elsewhere, where the hooks are not'
        : requested === undefined && mayBeRead(code, node)
          ? 'its source is read by Elysia'
          : unsafeReason(code, node);
    if (reason !== undefined) {
      plan.skipped.push({ name, reason, ...startOf(node) });
      continue;
    }
    const site = `${file}:${startOf(node).line}:${name}`;
    const { comments } = module;
    const { edits, hooks } = observeFunction(code, node, { site, names, captureArguments, comments });
    plan.edits.push(...edits);
    for (const hook of hooks) use(plan, names, RUNTIME_MODULE, hook);
    take(plan, { kind: 'function', name, ...startOf(node) }, why);
  }
  for (const { node, name, why } of [...others, ...unknown]) {
    plan.passedOver.push({ name, why, ...startOf(node) });
  }
  for (const node of findWebhooks(pragmas)) {
    if (!isIgnored(node, pragmas))
      plan.edits.push(webhookEdit(node, use(plan, names, RUNTIME_MODULE, 'webhook')));
  }
  plan.targets.sort(bySource);
  plan.skipped.sort(bySource);
  plan.passedOver.sort(bySource);
  return plan;
}

function take(plan: Plan, target: Target, why: string): void {
  plan.targets.push(target);
  plan.evidence.set(target, why);
}

function wrapApp(
  plan: Plan,
  names: LocalNames,
  { creation, factory, recogniser: { name, hooks } }: AppTarget,
): void {
  if (!factory.app) return;
  const wrap = (node: Node, name: string): void => {
    const hook = use(plan, names, hooks.from ?? RUNTIME_MODULE, name);
    const [left, right] = asOneArgument(node);
    plan.edits.push(around(node, `${hook}(${left}`, `${right})`));
  };
  const [options] = creation.arguments;
  if (hooks.app !== undefined) wrap(creation, hooks.app);
  if (hooks.options !== undefined && options !== undefined && options.type !== 'SpreadElement') {
    wrap(options, hooks.options);
  } else if (hooks.app === undefined) return;
  take(
    plan,
    { kind: 'app', name, frameworks: [name], ...startOf(creation) },
    `an app of ${name} is made here`,
  );
}

/** @returns false if all of them are to be left alone */
function wrapHandlers(
  plan: Plan,
  names: LocalNames,
  registration: Registration,
  pragmas: readonly Pragma[],
): boolean {
  const { call, kind, at, receiver, handlers, observed = [], recognisers, name, evidence } = registration;
  const { owner = 'true' } = registration;
  // However many handlers a registration has, it is one route, and stands where its method does.
  const position = startOf(at);
  const wanted = handlers.flatMap((handler) => withoutIgnored(handler, pragmas));
  if (wanted.length === 0 || observed.some((node) => isIgnored(node, pragmas))) {
    plan.skipped.push({ name, reason: 'ignored by a pragma', ...position });
    return false;
  }
  for (const { hooks } of recognisers) {
    const source = hooks.from ?? RUNTIME_MODULE;
    if (hooks.owner !== undefined && receiver !== undefined) {
      const ignored = call.arguments.flatMap((argument, index) =>
        isIgnored(argument, pragmas) ? [`,${index}`] : [],
      );
      const hook = use(plan, names, source, hooks.owner);
      plan.edits.push(around(receiver, `${hook}(`, `${ignored.join('')})`));
    }
    if (hooks.handler !== undefined) {
      const hook = use(plan, names, source, hooks.handler);
      for (const handler of wanted) {
        const more = registration.beside(handler);
        const [left, right] = asOneArgument(handler);
        plan.edits.push(
          around(handler, `${hook}(${owner},${left}`, `${right}${more === undefined ? '' : `,${more}`})`),
        );
      }
    }
  }
  take(plan, { kind, name, frameworks: recognisers.map(({ name }) => name), ...position }, evidence);
  return true;
}

function openEntry(plan: Plan, names: LocalNames, entry: EntryTarget, pragmas: readonly Pragma[]): void {
  const { convention, form, node, route, prefix } = entry;
  const exported = entry.names.join(', ');
  const name = form === 'server function' || route === '' ? exported : `${exported} ${route}`;
  const reason = isIgnored(node, pragmas) ? 'ignored by a pragma' : entry.reason;
  if (reason !== undefined) {
    plan.skipped.push({ name, reason, ...startOf(node) });
    return;
  }
  const hook = use(plan, names, convention.from, entry.hook);
  // What is assigned gives a function its name, if that is what is written there, and nothing that gives one.
  const isNamed = form !== 'value' || isFunction(unwrapExpression(node));
  const called = entry.names.length === 1 ? (isNamed ? exported : '') : entry.names;
  const open = `${prefix}${hook}(${JSON.stringify(called)},${JSON.stringify(route)},`;
  if (form === 'value') plan.edits.push(around(node, open, ')'));
  else {
    const handler = node as FunctionNode;
    const args = form === 'body' ? 'arguments' : parameterList(handler);
    plan.edits.push(aroundBody(handler, exported, open, `,${args})`));
  }
  const why = form === 'server function' ? "it says 'use server'" : `${convention.name} calls it by its name`;
  take(plan, { kind: 'route', name, frameworks: [convention.name], ...startOf(node) }, why);
  if (convention.start === undefined) return;
  const start = `${use(plan, names, convention.from, convention.start)}();`;
  if (!plan.starts.includes(start)) plan.starts.push(start);
}

/**
 * All that is in a function goes into one inside of it, which sees the same `this`, `arguments` and parameters. As what an
 * object holds it has a name, which stacks tell.
 */
function aroundBody(node: FunctionNode, exported: string, open: string, close: string): Edit {
  const { async, body } = node;
  const directive = body.type === 'BlockStatement' ? body.directives.at(-1) : undefined;
  const own = 'id' in node && node.id ? node.id.name : exported;
  const name = /^[a-z_$][\w$]*$/i.test(own) ? own : 'handler';
  return {
    start: directive ? (directive.end ?? 0) : (body.start ?? 0) + 1,
    end: (body.end ?? 0) - 1,
    open: `${directive ? ';' : ''}return ${open}{${name}:${async ? 'async' : ''}()=>{`,
    close: `}}.${name}${close}`,
  };
}

/** What to put around an expression: `(first, second)` would become two arguments. */
function asOneArgument(node: Node): [string, string] {
  return node.type === 'SequenceExpression' ? ['(', ')'] : ['', ''];
}

/** Of a list, what is left of it if something in it is to be left alone. */
function withoutIgnored(handler: Node, pragmas: readonly Pragma[]): Node[] {
  if (isIgnored(handler, pragmas)) return [];
  const list = unwrapExpression(handler);
  const elements = list.type === 'ArrayExpression' ? list.elements.filter((element) => element !== null) : [];
  const wanted = elements.filter((element) => !isIgnored(element, pragmas));
  if (wanted.length === elements.length) return [handler];
  return wanted.map((element) => (element.type === 'SpreadElement' ? element.argument : element));
}

function around(node: Node, open: string, close: string): Edit {
  return { start: node.start ?? 0, end: node.end ?? 0, open, close };
}

/** The local name of a hook, which is then imported. */
function use(plan: Plan, names: LocalNames, source: string, hook: string): string {
  let hooks = plan.hooks.get(source);
  if (hooks === undefined) plan.hooks.set(source, (hooks = new Map()));
  let local = hooks.get(hook);
  if (local === undefined) {
    // What observes functions is ours, and goes by the plain names.
    const others = [...plan.hooks.keys()].filter((other) => other !== RUNTIME_MODULE);
    hooks.set(hook, (local = names.hook(hook, others.indexOf(source) + 1)));
  }
  return local;
}

function isIgnored(node: Node, pragmas: readonly Pragma[]): boolean {
  const pragma = pragmaAround(pragmas, '@replaystack-ignore', node.start ?? 0, node.end ?? 0);
  if (pragma === undefined) return false;
  pragma.applied = true;
  return true;
}

/** Where a developer would say that it is: a decorated method is where its name is. */
function startOf(node: Node): Place {
  const isDecorated = 'decorators' in node && (node.decorators?.length ?? 0) > 0 && 'key' in node;
  const { line = 1, column = 0 } = (isDecorated ? node.key : node).loc?.start ?? {};
  return { line, column: column + 1 };
}

function bySource(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
