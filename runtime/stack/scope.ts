/**
 * Finds the function that an offset in generated code lies in, by reading tokens from some statement before it: no more
 * of a parser than that takes, for generated code is large, plain JavaScript, and only one place in it matters.
 */

/** Something that is open at an offset: a bracket, the hole of a template, or the body of a function. */
interface Open {
  kind: string;
  /** Of a function, where its parameters begin. */
  at: number;
  /** Where the token before it ends. */
  after: number;
}

export interface Scope {
  /** Where the parameters of the function begin. */
  parameters: number;
  /** What stands before the bracket around the function, for it may be the head of a class; empty if not looked for. */
  around: string;
  aroundAt: number;
}

const TOKEN =
  /"[^"\\\n]*(?:\\[^][^"\\\n]*)*"|'[^'\\\n]*(?:\\[^][^'\\\n]*)*'|\/\/.*|\/\*[^]*?\*\/|=>|[`/()[\]{},;]/g;
/** The rest of a regular expression, and of a template up to its end or its next hole. */
const PATTERN = /[^\\[/\n]*(?:(?:\\.|\[[^\\\]\n]*(?:\\.[^\\\]\n]*)*\])[^\\[/\n]*)*\//y;
const TEMPLATE = /[^`\\$]*(?:(?:\\[^]|\$(?!\{))[^`\\$]*)*(`|\$\{)/y;
/** Before a slash, what makes it a division; before brackets, what makes them no parameters. */
const OPERAND = /(?:[\w$\]"'`)]|\+\+|--)\s*$/;
const OPERATOR = /\b(?:return|typeof|case|do|else|in|of|void|delete|throw|new|yield|await)\s*$/;
const CONTROL = /(?:^|[^\w$.])(?:if|for|await|while|switch|catch|with)\s*$/;
/** A likely start of a statement, from where one can read on. */
const STATEMENT = /[;{}]\s*(?=(?:async\s+)?function\b|(?:var|let|const|class|return|throw)\b)/g;

/** The innermost function at an offset. Mostly it is near, and then little is read; of a member, its class is further. */
export function scopeAt(code: string, offset: number, member: boolean): Scope | undefined {
  let scope: Scope | undefined;
  for (const reach of [4e3, 4e4, 4e5]) {
    STATEMENT.lastIndex = Math.max(0, offset - reach);
    const start = offset > reach ? (STATEMENT.exec(code)?.index ?? offset) + 1 : 0;
    const open = openAt(code, start, offset);
    const index = open.findLastIndex(({ kind }) => kind === '=>');
    const { after: aroundAt = 0, at = 0 } = open[index - 1] ?? {};
    const parameters = open[index]?.at;
    if (parameters !== undefined) scope = { parameters, around: code.slice(aroundAt, at), aroundAt };
    if (start === 0 || (scope && (aroundAt > 0 || !member))) break;
  }
  return scope;
}

function openAt(code: string, start: number, until: number): Open[] {
  const open: Open[] = [];
  let last = '';
  let after = start;
  /** Where the last closed brackets began, and the parameters of the last arrow. */
  let opened = start;
  let arrow = start;
  for (let i = start; ; after = i) {
    TOKEN.lastIndex = i;
    const match = TOKEN.exec(code);
    if (!match || match.index >= until) return open;
    const at = match.index;
    let token = match[0];
    i = at + token.length;
    const adjacent = !code.slice(after, at).trim();
    const control = last === ')' && CONTROL.test(code.slice(Math.max(0, opened - 9), opened));
    if (',;)]}'.includes(token)) {
      // An arrow without braces ends here as well.
      while (open.at(-1)?.kind === '=>' && open.at(-1)?.after === -1) open.pop();
      const closed = token === ',' || token === ';' ? undefined : open.pop();
      if (closed) opened = closed.at;
      if (closed?.kind === '`') token = '`';
    } else if (token === '=>') {
      arrow =
        last === ')' && adjacent ? opened : at - (/[\w$]+\s*$/.exec(code.slice(after, at))?.[0].length ?? 0);
      if (!/^\s*\{/.test(code.slice(i, i + 20))) open.push({ kind: token, at: arrow, after: -1 });
    } else if (token === '{' && adjacent && (last === '=>' || (last === ')' && !control))) {
      open.push({ kind: '=>', at: last === ')' ? opened : arrow, after });
    } else if ('([{'.includes(token)) {
      open.push({ kind: token, at, after });
    } else if (token === '/') {
      const before = code.slice(Math.max(0, at - 12), at);
      if (!OPERAND.test(before) || OPERATOR.test(before) || (control && adjacent)) {
        PATTERN.lastIndex = i;
        if (PATTERN.test(code)) i = PATTERN.lastIndex;
      }
    }
    if (token === '`') {
      TEMPLATE.lastIndex = i;
      if (TEMPLATE.exec(code)?.[1] === '${') open.push({ kind: token, at, after });
      i = TEMPLATE.lastIndex || until;
    }
    last = token;
  }
}
