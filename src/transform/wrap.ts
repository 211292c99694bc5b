/** What is written around apps, handlers and exports that a framework calls. */
import { RUNTIME_MODULE } from '../../runtime/protocol.ts';
import type { FunctionNode, Node } from './ast.ts';
import { boundNames, isFunction, startOf, unwrapExpression } from './ast.ts';
import type { Edit } from './edits.ts';
import type { EntryTarget } from './entries.ts';
import type { MethodJob } from './jobs/methods.ts';
import type { LocalNames } from './names.ts';
import type { Comment } from './observe.ts';
import { arrowEnd } from './observe.ts';
import type { Plan } from './planned.ts';
import { take, use } from './planned.ts';
import type { Pragma } from './pragmas.ts';
import { isIgnored } from './pragmas.ts';
import type { AppTarget, Registration } from './registrations.ts';

export function wrapApp(
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
export function wrapHandlers(
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

export function openEntry(
  plan: Plan,
  names: LocalNames,
  code: string,
  entry: EntryTarget,
  pragmas: readonly Pragma[],
  comments: readonly Comment[],
): void {
  const { convention, form, node, route, prefix } = entry;
  const exported = entry.names.join(', ');
  const name = form === 'server function' || route === '' ? exported : `${exported} ${route}`;
  const reason = isIgnored(node, pragmas) ? 'ignored by a pragma' : entry.reason;
  if (reason !== undefined) {
    plan.skipped.push({ name, reason, ...startOf(node) });
    return;
  }
  const hook = use(plan, names, convention.from, entry.hook);
  const isValue = form === 'value' || !isFunction(node);
  // What is assigned gives a function its name, if that is what is written there, and nothing that gives one.
  const called = entry.keys ?? (isFunction(unwrapExpression(node)) ? exported : '');
  const told = form === 'server function' && isValue ? exported : route;
  const open = `${prefix}${hook}(${JSON.stringify(called)},${JSON.stringify(told)},`;
  if (isValue) plan.edits.push(around(node, open, ')'));
  else {
    const args = form === 'body' ? 'arguments' : parameterList(node);
    plan.edits.push(aroundBody(code, node, exported, open, `,${args})`, comments));
  }
  const why = form === 'server function' ? "it says 'use server'" : `${convention.name} calls it by its name`;
  take(plan, { kind: 'route', name, frameworks: [convention.name], ...startOf(node) }, why);
  if (convention.start === undefined) return;
  const start = `${use(plan, names, convention.from, convention.start)}();`;
  if (!plan.starts.includes(start)) plan.starts.push(start);
}

export function openMethod(
  plan: Plan,
  names: LocalNames,
  code: string,
  { node, key, name, recogniser, reason }: MethodJob,
  pragmas: readonly Pragma[],
): void {
  const why = isIgnored(node, pragmas) ? 'ignored by a pragma' : reason;
  if (why !== undefined) {
    plan.skipped.push({ name, reason: why, ...startOf(node) });
    return;
  }
  const hook = use(plan, names, RUNTIME_MODULE, recogniser.hooks.handler);
  const property = /^[a-z_$][\w$]*$/i.test(key) ? key : JSON.stringify(key);
  const open = `return ${hook}(${JSON.stringify(name)},this,{${property}:${node.async ? 'async' : ''}()${returnType(code, node)}=>{`;
  plan.edits.push(within(node, open, '}},arguments)'));
  const evidence = `${recogniser.packages.join()} calls it by its decorator`;
  take(plan, { kind: 'job', name, frameworks: [recogniser.name], ...startOf(node) }, evidence);
}

/** As it is written, so that types are checked in the function inside as they were: unless it has lines of its own. */
function returnType(code: string, { returnType }: { returnType?: Node | null }): string {
  const text = code.slice(returnType?.start ?? 0, returnType?.end ?? 0);
  return /[\n\r]/.test(text) ? '' : text;
}

/**
 * All that is in a function goes into one inside of it, which sees the same `this`, `arguments` and parameters. As what an
 * object holds it has a name, which stacks tell.
 */
function aroundBody(
  code: string,
  node: FunctionNode,
  exported: string,
  open: string,
  close: string,
  comments: readonly Comment[],
): Edit {
  const own = 'id' in node && node.id ? node.id.name : exported;
  const name = /^[a-z_$][\w$]*$/i.test(own) ? own : 'handler';
  const before = `${open}{${name}:${node.async ? 'async' : ''}()=>`;
  const behind = `}.${name}${close}`;
  if (node.body.type === 'BlockStatement') return within(node, `return ${before}{`, `}${behind}`);
  return { start: arrowEnd(code, node, comments), end: node.end ?? 0, open: before, close: behind };
}

/** `formData`, `{a,b}` of a pattern, `...rest`: what a server function was called with. It may not name `arguments`. */
function parameterList({ params }: FunctionNode): string {
  const values = params.map((param) => {
    if (param.type === 'RestElement') {
      return param.argument.type === 'Identifier'
        ? `...${param.argument.name}`
        : `{${boundNames(param).join(',')}}`;
    }
    const target = param.type === 'AssignmentPattern' ? param.left : param;
    return target.type === 'Identifier' ? target.name : `{${boundNames(target).join(',')}}`;
  });
  return `[${values.join(',')}]`;
}

/** Around all statements of a function, behind its directives. */
function within({ body }: FunctionNode, open: string, close: string): Edit {
  const directive = body.type === 'BlockStatement' ? body.directives.at(-1) : undefined;
  return {
    start: directive ? (directive.end ?? 0) : (body.start ?? 0) + 1,
    end: (body.end ?? 0) - 1,
    open: `${directive ? ';' : ''}${open}`,
    close,
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
