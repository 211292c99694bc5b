/** The innermost function at an offset, told from tokens alone: the same that a whole parser finds. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from '@babel/parser';
import type { types } from '@babel/core';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { scopeAt } from '../../../runtime/stack/scope.ts';

type Node = types.Node;
type FunctionNode = types.Function;

/** What stands at the start of the parameters of the function around the `@` in a text. */
function parametersAround(text: string): string | undefined {
  const offset = text.indexOf('@');
  const scope = scopeAt(text.replace('@', ''), offset, false);
  return scope && text.replace('@', '').slice(scope.parameters, scope.parameters + 3);
}

describe('scopeAt', () => {
  it.each([
    ['a function', 'function a(x1){@f()}'],
    ['an arrow', 'a=(x1)=>{@f()}'],
    ['an arrow without braces', 'a=(x1)=>@f()'],
    ['an arrow without brackets', 'a=async x1_=>@f()'],
    ['a method', 'class a{b(x1){@f()}}'],
    ['a getter', 'a={get b(x1){@f()}}'],
    ['the inner of two', 'function a(){return(x1)=>{@f()}}'],
    ['the outer one after the inner one', 'function a(x1){function b(y1){}@f()}'],
    ['the outer one after an arrow without braces', 'function a(x1){g((y1)=>y1,@f())}'],
    [
      'one with control structures in it',
      'function a(x1){if(b){for(;;){while(c){switch(d){case 1:try{@f()}catch(e){}}}}}}',
    ],
    ['one with for await in it', 'async function a(x1){for await(let b of c){@f()}}'],
    ['one with a block after a call', 'function a(x1){g();{@f()}}'],
    ['one with brackets in strings', `function a(x1){g("}",'\\'}',"\\"}");@f()}`],
    ['one with brackets in comments', 'function a(x1){/* } */ // }\n@f()}'],
    ['one with brackets in templates', 'function a(x1){g(`}`,`${{b:`}${1}`}}}`);@f()}'],
    ['one with a hole of a template around', 'function a(x1){return `}${b?`${@f()}`:1}`}'],
    ['one with brackets in regular expressions', 'function a(x1){return/[/}]}\\/}/.test(b)||@f()}'],
    ['one with a regular expression after brackets', 'function a(x1){if(b)/[}"\']/.test(c);@f()}'],
    ['one with a regular expression after a block', 'function a(x1){if(b){}/}"/.test(c);@f()}'],
    ['one with divisions', 'function a(x1){let b=c/d/e+(1)/2+f[0]/3+g++/4;"/";@f()}'],
  ])('finds %s', (_, text) => {
    expect(parametersAround(text)).toBe(parametersAround(text)?.startsWith('(') ? '(x1' : 'x1_');
  });

  it('finds none outside of functions', () => {
    expect(parametersAround('function a(x1){}@f()')).toBeUndefined();
    expect(parametersAround('class a{static{@f()}}')).toBeUndefined();
    expect(parametersAround('if(a){@f()}')).toBeUndefined();
  });

  it('tells what stands before the class', () => {
    const text = 'var x=1;var a=class b extends c{d(){@f()}}';
    expect(scopeAt(text.replace('@', ''), text.indexOf('@'), true)?.around).toBe('var a=class b extends c');
  });

  it('reads on where a text makes no sense', () => {
    for (const text of ['function a(x1){@', ')}]`${', 'function a(){`', '"', '/', '=>', '`${`${']) {
      expect(() => scopeAt(text, text.length, true)).not.toThrow();
    }
  });
});

/** The function whose body has the offset in it; undefined where a parameter or a part of a class has it. */
function visit(
  node: Node,
  found: (offset: number, around: FunctionNode | null) => void,
  around: FunctionNode | null = null,
): void {
  const inner = 'params' in node && 'body' in node ? (node as FunctionNode) : undefined;
  if (node.type === 'CallExpression') {
    const { callee } = node;
    const at = callee.type === 'MemberExpression' ? callee.property.start : callee.start;
    found(at ?? 0, around);
  }
  if (node.type === 'ClassProperty' || node.type === 'StaticBlock' || node.type === 'ClassPrivateProperty')
    return;
  for (const [key, value] of Object.entries(node)) {
    if (inner && key !== 'body') continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (
        typeof child === 'object' &&
        child !== null &&
        'type' in child &&
        'start' in child &&
        !key.endsWith('omments')
      ) {
        visit(child as Node, found, inner ?? around);
      }
    }
  }
}

describe('agrees with a parser', () => {
  const require = createRequire(import.meta.url);
  const libraries = [
    '@babel/parser',
    'magic-string',
    'express/lib/response.js',
    '@babel/traverse',
    'rollup/dist/shared/parseAst.js',
    'webpack/lib/Compilation.js',
  ];

  it.each(
    libraries.flatMap(
      (library) =>
        [
          [library, false],
          [library, true],
        ] as const,
    ),
  )('in %s, minified: %s', (library, minified) => {
    const source = readFileSync(require.resolve(library), 'utf8');
    const code = minified ? transformSync(source, { minify: true }).code : source;
    const calls: [number, FunctionNode | null][] = [];
    visit(parse(code, { sourceType: 'unambiguous' }).program, (at, around) => calls.push([at, around]));
    const step = Math.ceil(calls.length / 250);
    let differ = 0;
    for (const [at, around] of calls.filter((_, i) => i % step === 0)) {
      const parameters = scopeAt(code, at, false)?.parameters ?? -1;
      const [start, end] = [around?.start ?? -1, around?.body.start ?? 0];
      if (parameters < start || parameters >= end) differ++;
    }
    expect(calls.length).toBeGreaterThan(20);
    // A conditional between arrows is read as part of the first one.
    expect(differ).toBeLessThanOrEqual(1);
  });
});
