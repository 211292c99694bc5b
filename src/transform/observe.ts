/**
 * The rewrite of one function: text goes into its body, and the function stays itself. runtime/observe/hooks.ts shows the result.
 * There is no `return await`, no wrapper and no derived promise, so no result, identity or order of microtasks changes.
 */
import type { FunctionNode, Node } from './ast.ts';
import { boundNames } from './ast.ts';
import type { Edit } from './edits.ts';
import type { LocalNames } from './names.ts';
import { blockNames, canFallThrough, returnsOf } from './blocks.ts';
import { mayReturnPromise, mayReturnReference } from './return-value.ts';

/** How a function is to be observed. */
export interface ObserveOptions {
  /** `<file>:<line>:<name>`. */
  site: string;
  names: LocalNames;
  captureArguments: boolean;
  /** Types may be written into the module. */
  typed: boolean;
  /** Positions of comments, in which an arrow `=>` is none. */
  comments: readonly Comment[];
}

/** Where a comment is. */
export interface Comment {
  start?: number | undefined;
  end?: number | undefined;
}

/** The edits, and which hooks their text calls. */
export interface Observation {
  edits: Edit[];
  hooks: string[];
}

/**
 * What `names.same` stands for in a module with types. What reads the types of a program that was made before we came to it, as the
 * plugins of NestJS's command do, knows nothing of what we import: there all that is returned would be an `any`.
 */
export function sameType({ same }: LocalNames): string {
  return `type ${same}=<T>(call:any,value:T,args?:any)=>T;`;
}

/** Plans the rewrite of a function that safety.ts found safe. */
export function observeFunction(code: string, node: FunctionNode, options: ObserveOptions): Observation {
  const form = node.async ? asyncForm(code, node, options) : syncForm(node, options);
  const edits: Edit[] = [];
  const used = new Set(form.hooks);
  const { body } = node;
  if (body.type !== 'BlockStatement') {
    const returned = form.returned(body);
    if (returned.hook !== undefined) used.add(returned.hook);
    edits.push({
      start: arrowEnd(code, node, options.comments),
      end: node.end as number,
      open: `{${form.open}return ${returned.open}`,
      close: `${returned.close}${form.close}}`,
    });
    return { edits, hooks: [...used] };
  }
  const directive = body.directives.at(-1);
  edits.push({
    start: directive ? (directive.end as number) : bodyStart(code, node.type, body),
    end: (body.end as number) - 1,
    open: (directive ? ';' : '') + form.open,
    close: form.close,
  });
  for (const { argument, held, ...statement } of returnsOf(body)) {
    const returned = form.returned(argument, held);
    if (returned.hook === undefined) continue;
    used.add(returned.hook);
    const sequence = argument?.type === 'SequenceExpression' && !argument.extra?.['parenthesized'];
    const ended = code.charAt(statement.end - 1) === ';';
    edits.push({
      start: statement.start + 'return'.length,
      end: ended ? statement.end - 1 : statement.end,
      open: ` ${returned.open}${sequence ? '(' : ''}`,
      // A line that could not go on from an arrow function, or from `return`, could from a call: `(…)`, `[…]`, `/…/`.
      close: `${sequence ? ')' : ''}${returned.close}${ended ? '' : ';'}`,
    });
  }
  return { edits, hooks: [...used] };
}

/** Of a method, Elysia takes the first line for the parameters; so it stays as it is where nothing else is on it. */
function bodyStart(code: string, type: Node['type'], body: Node): number {
  const start = (body.start as number) + 1;
  const rest = type.endsWith('Method') ? /^[ \t]*\r?\n/.exec(code.slice(start, start + 80)) : null;
  return start + (rest?.[0].length ?? 0);
}

/** What is written at the beginning, at the end, and around what is returned. */
interface Form {
  open: string;
  close: string;
  hooks: string[];
  /** @param value undefined for `return;` */
  returned(
    value: Node | undefined,
    held?: boolean,
  ): { open: string; close: string; hook: string | undefined };
}

/** Nothing but parentheses, between which a comment may end a line. */
const AS_IT_IS = { open: '(', close: ')', hook: undefined };

function asyncForm(
  code: string,
  node: FunctionNode,
  { site, names, captureArguments, typed }: ObserveOptions,
): Form {
  const { call, error, hook } = names;
  const parameters = captureArguments ? parameterNames(node) : [];
  // Where a block declares one of the names anew, the parameter cannot be read, and its namesake perhaps not yet.
  const shadowed = blockNames(node.body);
  const unshadowed = parameters.filter((name) => !shadowed.has(name));
  const atFailure = parameters.length > 0 ? `,{${parameters.join(',')}}` : '';
  const atReturn = unshadowed.length > 0 ? `,${call}&&{${unshadowed.join(',')}}` : '';
  // From its first `await` on others have its promise, and it may return that, which is an error that the engine must see.
  // A call could give it as well; but what calls give is what there is to watch.
  const suspends = /\bawait\b/.test(code.slice(node.start as number, node.end as number));
  const isWatched = (value: Node): boolean =>
    mayReturnPromise(value) && !(suspends && mayReturnReference(value));
  return {
    open: `const ${call}=${hook('enter')}(${JSON.stringify(site)});try{`,
    close: `}catch(${error}){throw ${hook('fail')}(${call},${error}${atFailure})}finally{${hook('exit')}(${call})}`,
    hooks: ['enter', 'fail', 'exit'],
    returned: (value, held = false) =>
      // A generator's `return` awaits its value inside the try; what is no promise needs no watching; and a promise that is
      // held back may have no other handler than ours, and would no longer count as unhandled.
      value === undefined || node.generator || held || !isWatched(value)
        ? AS_IT_IS
        : { open: `${handingBack('settle', names, typed)}(${call},`, close: `${atReturn})`, hook: 'settle' },
  };
}

/** A hook as it is called where what it is given has a type that must not be lost. */
function handingBack(name: string, { hook, same }: LocalNames, typed: boolean): string {
  return typed ? `(${hook(name)} as ${same})` : hook(name);
}

function syncForm(node: FunctionNode, { site, names, typed }: ObserveOptions): Form {
  const { call, hook } = names;
  const open = `const ${call}=${hook('enter')}(${JSON.stringify(site)});try{`;
  // A generator can be left at a `yield` for good, which is no failure.
  if (node.generator) {
    const close = `}finally{${hook('exit')}(${call})}`;
    return { open, close, hooks: ['enter', 'exit'], returned: () => AS_IT_IS };
  }
  const falls = node.body.type === 'BlockStatement' && canFallThrough(node.body);
  return {
    open,
    close: `${falls ? `;${hook('done')}(${call})` : ''}}finally{${hook('leave')}(${call})}`,
    hooks: falls ? ['enter', 'done', 'leave'] : ['enter', 'leave'],
    returned: (value) =>
      value === undefined
        ? { open: `void ${hook('done')}(${call})`, close: '', hook: 'done' }
        : { open: `${handingBack('done', names, typed)}(${call},`, close: ')', hook: 'done' },
  };
}

/** The names that the parameters bind, but for TypeScript's `this`. */
function parameterNames(node: FunctionNode): string[] {
  return [...new Set(node.params.flatMap(boundNames))].filter((name) => name !== 'this');
}

/** Behind the `=>` of an arrow function: before its body's comments, which may be about the body. */
export function arrowEnd(code: string, node: FunctionNode, comments: readonly Comment[]): number {
  const before = [node.params.at(-1)?.end, node.typeParameters?.end, node.returnType?.end];
  let at = Math.max(node.start as number, ...before.map((end) => end ?? 0));
  for (;;) {
    const arrow = code.indexOf('=>', at);
    const comment = comments.find(({ start, end }) => (start ?? 0) < arrow && arrow < (end ?? 0));
    if (comment === undefined) return arrow + 2;
    at = comment.end as number;
  }
}
