/** `@replaystack-…` comments, and what each of them is about. */
import type { types as t } from '@babel/core';
import type { Node } from './ast.ts';
import { isFunction, keyName, walk } from './ast.ts';
import type { ParsedModule } from './parse.ts';

export const PRAGMAS = [
  '@replaystack-ignore',
  '@replaystack-ignore-file',
  '@replaystack-capture',
  '@replaystack-cron',
  '@replaystack-webhook',
] as const;

export type PragmaName = (typeof PRAGMAS)[number];

/** A pragma in the text. */
export interface Pragma {
  /** As it was written, so perhaps none that we know. */
  name: string;
  line: number;
  column: number;
  /** The text that it is about; undefined if it stands before nothing. */
  range: { start: number; end: number } | undefined;
  node: Node | undefined;
  /** Something in its range did change because of it. */
  applied: boolean;
}

/** At the start of a comment's line. Prose that mentions a pragma is none. */
const PRAGMA = /^[\s*!]*(@replaystack-[\w-]*)/gm;

/** Whether the text looks like a file that opts out, for the case that it cannot be parsed. */
export function mentionsIgnoreFile(code: string): boolean {
  return code.includes('@replaystack-ignore-file');
}

/** Every pragma of the module, in source order. */
export function findPragmas(code: string, module: ParsedModule): Pragma[] {
  if (!code.includes('@replaystack-')) return [];
  const waiting = new Map<number, Pragma[]>();
  const pragmas: Pragma[] = [];
  for (const comment of module.comments) {
    for (const match of comment.value.matchAll(PRAGMA)) {
      const [text, name = ''] = match;
      const offset = code.indexOf(comment.value, comment.start ?? 0) + match.index + text.indexOf(name);
      const pragma: Pragma = {
        name,
        ...positionOf(comment, code, offset),
        range: undefined,
        node: undefined,
        applied: false,
      };
      pragmas.push(pragma);
      const subject = subjectStart(code, comment, module.comments);
      if (subject !== undefined) waiting.set(subject, [...(waiting.get(subject) ?? []), pragma]);
    }
  }
  if (waiting.size > 0) assign(module.program, waiting);
  return pragmas;
}

/** Whether the pragma stands above the first statement, as `@replaystack-ignore-file` must. */
export function isAboveFirstStatement(pragma: Pragma, program: t.Program): boolean {
  const first = program.body[0]?.loc?.start;
  if (first === undefined) return true;
  return pragma.line < first.line || (pragma.line === first.line && pragma.column <= first.column);
}

/** The pragma of that name, if any, in whose range the text lies. */
export function pragmaAround(
  pragmas: readonly Pragma[],
  name: PragmaName,
  start: number,
  end: number,
): Pragma | undefined {
  return pragmas.find(
    (pragma) =>
      pragma.name === name &&
      pragma.range !== undefined &&
      pragma.range.start <= start &&
      end <= pragma.range.end,
  );
}

/**
 * Gives each pragma the outermost node that begins where its subject does. Behind decorators it is what they decorate; at a
 * dot, the rest of a call chain.
 */
function assign(program: t.Program, waiting: Map<number, Pragma[]>): void {
  const between = (from: Node, to: Node, node: Node, begin?: number | null): void => {
    for (const [start, pragmas] of waiting) {
      if (start >= (from.end ?? 0) && start <= (to.start ?? 0)) settle(pragmas, node, begin ?? start);
    }
  };
  walk(program, (node, parent) => {
    settle(waiting.get(node.start ?? -1), implementationOf(node, parent), node.start);
    if ((node.type === 'CallExpression' || node.type === 'OptionalCallExpression') && isMember(node.callee)) {
      between(node.callee.object, node.callee.property, node);
    }
    const decorator = 'decorators' in node ? node.decorators?.at(-1) : undefined;
    if (!decorator) return;
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      between(decorator, node.body, node, node.start);
    } else if ('key' in node) {
      between(decorator, node.key, node, node.start);
    }
  });
}

/** What stands before the first overload of a function is about the function. */
function implementationOf(node: Node, parent: Node | undefined): Node {
  const siblings: unknown = parent && 'body' in parent ? parent.body : undefined;
  if (!Array.isArray(siblings) || !isOverload(declared(node))) return node;
  const following = (siblings as Node[]).slice(siblings.indexOf(node));
  const next = following.find((sibling) => !isOverload(declared(sibling)));
  return next && isFunction(declared(next)) && named(next) === named(node) ? next : node;
}

function isOverload(node: Node): boolean {
  return node.type === 'TSDeclareFunction' || node.type === 'TSDeclareMethod';
}

function declared(node: Node): Node {
  return (node.type.startsWith('Export') && 'declaration' in node && node.declaration) || node;
}

function named(node: Node): string | undefined {
  const function_ = declared(node);
  if ('key' in function_)
    return keyName(function_.key as Node, 'computed' in function_ && function_.computed === true);
  return 'id' in function_ && function_.id?.type === 'Identifier' ? function_.id.name : undefined;
}

function settle(pragmas: Pragma[] | undefined, node: Node, start: number | null | undefined): void {
  if (pragmas === undefined || node.type === 'Program' || typeof start !== 'number') return;
  for (const pragma of pragmas) {
    if (pragma.range !== undefined) continue;
    pragma.range = { start, end: node.end ?? start };
    pragma.node = node;
  }
}

function isMember(node: Node): node is t.MemberExpression | t.OptionalMemberExpression {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

/**
 * Where what a comment stands before begins. A comment behind a finished piece of code, at the end of its line, stands
 * before nothing: it would be read as about that line, and act on the next.
 */
function subjectStart(code: string, comment: t.Comment, comments: readonly t.Comment[]): number | undefined {
  const lineStart = code.lastIndexOf('\n', comment.start ?? 0) + 1;
  const before = code.slice(lineStart, comment.start ?? 0).trimEnd();
  let at = comment.end ?? 0;
  for (;;) {
    while (/\s/.test(code.charAt(at))) at++;
    const next = comments.find(({ start }) => start === at);
    if (next === undefined) break;
    at = next.end ?? code.length;
  }
  if (at >= code.length) return undefined;
  const endsLine = code.slice(comment.end ?? 0, at).includes('\n');
  return endsLine && /[^\s([{,=:?&|>*/]$/.test(before) ? undefined : at;
}

/** Of a place in a comment. A line may end in four ways. */
function positionOf(comment: t.Comment, code: string, offset: number): { line: number; column: number } {
  const { line = 1, column = 0 } = comment.loc?.start ?? {};
  const lines = code.slice(comment.start ?? 0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  const inLine = lines.at(-1)?.length ?? 0;
  return { line: line + lines.length - 1, column: (lines.length === 1 ? column : 0) + inLine + 1 };
}

/** Whether this is to be left alone; marks the pragma that says so. */
export function isIgnored(node: Node, pragmas: readonly Pragma[]): boolean {
  const pragma = pragmaAround(pragmas, '@replaystack-ignore', node.start ?? 0, node.end ?? 0);
  if (pragma === undefined) return false;
  pragma.applied = true;
  return true;
}
