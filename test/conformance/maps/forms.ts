/**
 * The forms that a step of a generated program can have: each passes on, in one expression, what fails further in. What stands
 * between « and » is TypeScript's alone, and can be erased, or blanked so that nothing else moves. No form leaves what it got
 * unused: calls of components are marked as pure, and bundlers take those away as they see fit.
 */

/** What a form calls. */
export interface Inner {
  expression: string;
  isAsync: boolean;
}

/** A form that was written down. */
export interface Written {
  /** At the top level of a module. */
  text: string;
  call: string;
  isAsync: boolean;
}

/**
 * @param name a free one
 * @param noise statements that stand before the expression on its line
 */
type Form = (name: string, inner: Inner, noise: string) => Written;

/** The expression where `await` can be. */
const awaited = ({ expression, isAsync }: Inner): string => (isAsync ? `await ${expression}` : expression);

/** A form whose function is async, whatever it calls. */
function later(write: (name: string, value: string, noise: string) => string, call = '@(1)'): Form {
  return (name, inner, noise) => ({
    text: write(name, awaited(inner), noise),
    call: call.replaceAll('@', name),
    isAsync: true,
  });
}

/** A form that gives its caller whatever it got, a promise for one. */
function sync(write: (name: string, value: string, noise: string) => string, call = '@(1)'): Form {
  return (name, { expression, isAsync }, noise) => ({
    text: write(name, expression, noise),
    call: call.replaceAll('@', name),
    isAsync,
  });
}

/** A form that keeps nothing of what it got: a promise would be lost in it. */
function lossy(write: (name: string, value: string, noise: string) => string, call?: string): Form {
  return (name, inner, noise) => (inner.isAsync ? simple : sync(write, call))(name, inner, noise);
}

const simple: Form = sync((f, x, noise) => `function ${f}(a«: number»)«: any» { ${noise}return ${x}; }`);

export const forms: Record<string, Form> = {
  asyncFunction: later(
    (f, x, noise) =>
      `export async function ${f}(a«: number», b = 2)«: Promise<unknown>» {\n  ${noise}const got = ${x};\n  return [got, a, b];\n}`,
  ),
  asyncReturn: later(
    (f, x, noise) =>
      `export async function ${f}(a«: number») {\n  ${noise}if (a > 1) return a; return ${x}; // 😀\n}`,
  ),
  asyncPassed: (name, { expression }, noise) => ({
    text: `export async function ${name}(a«: number») { ${noise}return a ? ${expression} : 1; }`,
    call: `${name}(1)`,
    isAsync: true,
  }),
  asyncArrow: later(
    (f, x, noise) =>
      `export const ${f} = async ({ length: n }«: any», ...rest«: number[]») => {\n  ${noise}const { a = ${x} } = {}« as any»;\n  return a + n + rest;\n};`,
    "@('abc', 2)",
  ),
  asyncConcise: later((f, x) => `export const ${f} = async (a«: number»)«: Promise<any>» => [a, ${x}];`),
  asyncObject: later((f, x) => `export const ${f} = async (a«: number») => ({ '𝒳': a, b: ${x} });`),
  asyncExpression: later(
    (f, x, noise) =>
      `export const ${f} = async function named(a«: number») {\n  ${noise}return a === 1 ? ${x} : 2;\n};`,
  ),
  asyncTry: later(
    (f, x, noise) =>
      `export async function ${f}(a«: number») {\n  'use strict';\n  try { ${noise}a += ${x}; } catch (error) { if (a === 1) throw error; } finally { a = 3; }\n  return a;\n}`,
  ),
  asyncNested: later(
    (f, x) =>
      `export async function ${f}(a«: number») { const deep = async () => { await null; return [${x}, a]; }; return await deep(); }`,
  ),
  asyncAll: later(
    (f, x) =>
      `export async function ${f}(a«: number») {\n  const [, second] = await Promise.all([a, (async () => { await null; return ${x}; })()]);\n  return second;\n}`,
  ),
  asyncLoop: later(
    (f, x, noise) =>
      `export async function ${f}(limit«: number») {\n  outer: for (let i = 0; i <= limit; i++) { ${noise}for (const j of [1]) { if (i > j) continue outer; await null; if (i === 1) { (globalThis« as any»).kept = ${x}; break outer; } } }\n}`,
  ),
  asyncLabel: later(
    (f, x) =>
      `async function ${f}inner(a«: number») { switch (a) { case 1: return ${x}; default: return 2 } }\nexport { ${f}inner as ${f}, ${f}inner };`,
    '@inner(1)',
  ),
  asyncMethod: later(
    (f, x, noise) =>
      `export class ${f} {\n  async run(a«: number»)«: Promise<unknown>» { ${noise}return { a, x: ${x} }; }\n}`,
    'new @().run(1)',
  ),
  asyncStatic: later(
    (f, x, noise) =>
      `export class ${f} {\n  static async #hidden(a«: number») { ${noise}return ${x}; }\n  static async run(a«: number») { return await this.#hidden(a); }\n}`,
    '@.run(1)',
  ),
  asyncSuper: later(
    (f, x) =>
      `class ${f}Base { async run() { return ${x}; } }\nexport class ${f} extends ${f}Base { async run() { const got = await super.run(); return got; } }`,
    'new @().run()',
  ),
  asyncMember: later(
    (f, x, noise) =>
      `export const ${f} = {\n  async ['r' + 'un'](a«: number») { ${noise}return a, ${x}; },\n  async plain(a«: number») { const got = await this.run(a); return got; },\n}« as any»;`,
    '@.plain(1)',
  ),
  asyncGenerator: later(
    (f, x) =>
      `export async function* ${f}(a«: number») {\n  yield a; yield ${x};\n}\nexport async function ${f}All(a«: number») { const all = []; for await (const one of ${f}(a)) all.push(one); return all; }`,
    '@All(1)',
  ),
  asyncDefault: (name, inner, noise) => ({
    // `await` is not allowed in parameters.
    text: `export async function ${name}(a = ${inner.expression}) { ${noise}const got = await a; return got; }`,
    call: `${name}()`,
    isAsync: true,
  }),
  asyncTemplate: later(
    (f, x) => `export async function ${f}(a«: number») {\n  return \`😀 \${a} 𝒳 é \${${x}} \${a}\`;\n}`,
  ),
  requested: sync(
    (f, x, noise) =>
      `// @replaystack-capture\nfunction ${f}(a«: number»)«: any» {\n  ${noise}if (a > 1) return a;\n  return ${x};\n}`,
  ),
  declared: simple,
  arrow: sync((f, x) => `const ${f} = (a«: number»)«: any» => a && ${x};`),
  curried: sync((f, x) => `const ${f} = (a«: number») => (b«: number»)«: any» => (a + b, ${x});`, '@(1)(2)'),
  parameter: sync((f, x) => `function ${f}(a«: number», b«: any» = ${x})«: any» { return b; }`),
  pattern: lossy(
    (f, x) => `function ${f}({ a, b = ${x} }«: any», [c = 1] = [])«: any» { return [a, b, c]; }`,
    '@({})',
  ),
  template: sync((f, x) => `function ${f}(a«: number»)«: any» { return [\`😀\${a}𝒳\`, ${x}, 'é'][1]; }`),
  tagged: sync((f, x) => `function ${f}(a«: number»)«: any» { return String.raw\`😀 \${a}\` && ${x}; }`),
  nested: sync((f, x) => `function ${f}(a«: number»)«: any» { return same(same(same(a) && ${x})); }`),
  callback: sync((f, x) => `function ${f}(a«: number»)«: any» { return [a].map((n) => n && ${x})[0]; }`),
  reducer: sync(
    (f, x) =>
      `function ${f}(a«: number»)«: any» {\n  return [a, 2, 3]\n    .filter((n) => n < 2)\n    .reduce((sum, n)«: any» => sum + n && ${x}, 0);\n}`,
  ),
  replacer: lossy(
    (f, x) => `function ${f}(a«: number»)«: any» { return 'ab'.replace(/b/u, () => a && ${x}); }`,
  ),
  getter: sync((f, x) => `const ${f} = { get value()«: any» { return ${x}; } };`, '@.value'),
  accessor: sync(
    (f, x, noise) => `class ${f} {\n  get value()«: any» { ${noise}return ${x}; }\n  set value(_) {}\n}`,
    'new @().value',
  ),
  setter: lossy(
    (f, x) => `const ${f} = { set value(a«: any») { (globalThis« as any»).kept = a && ${x}; } };`,
    '(@.value = 1)',
  ),
  constructed: sync(
    (f, x, noise) =>
      `class ${f} {\n  «declare» a«: any»;\n  constructor(a«: number») { ${noise}this.a = ${x}; }\n}`,
    'new @(1).a',
  ),
  derived: sync(
    (f, x) =>
      `class ${f}Base { constructor(a«: any») { Object.assign(this, { a }); } }\nclass ${f} extends ${f}Base { constructor() { super(${x}); } }`,
    '(new @()« as any»).a',
  ),
  field: sync((f, x) => `class ${f} { first = 1; second«: any» = ${x}; }`, 'new @().second'),
  arrowField: sync((f, x) => `class ${f} {\n  run = (a«: number»)«: any» => a && ${x};\n}`, 'new @().run(1)'),
  private: sync(
    (f, x) => `class ${f} { #run()«: any» { return ${x}; } run()«: any» { return this.#run(); } }`,
    'new @().run()',
  ),
  computed: sync(
    (f, x) => `class ${f} { static ['r' + 'un'](a«: number»)«: any» { return ${x}; } }`,
    '(@« as any»).run(1)',
  ),
  staticBlock: sync(
    (f, x) =>
      `function ${f}(a«: number»)«: any» {\n  class Held { static got«: any»; static { Held.got = a && ${x}; } }\n  return Held.got;\n}`,
  ),
  iterator: sync(
    (f, x) => `class ${f} { *[Symbol.iterator]()«: any» { yield 1; yield ${x}; } }`,
    '[...new @()].at(-1)',
  ),
  generator: sync(
    (f, x) => `function* ${f}(a«: number»)«: any» { yield a; yield* [${x}]; }`,
    '[...@(1)].at(-1)',
  ),
  trap: sync(
    (f, x) => `const ${f}«: any» = new Proxy({}, { get: (_, key)«: any» => key && ${x} });`,
    '@.anything',
  ),
  chained: sync(
    (f, x) =>
      `const ${f} = { at(a«: number») { return a ? this : undefined }, get end()«: any» { return ${x}; } };`,
    '@\n    .at(1)\n    ?.end',
  ),
  immediate: sync(
    (f, x) => `function ${f}(a«: number»)«: any» { return (function () { return a && ${x}; })(); }`,
  ),
  coalesced: sync(
    (f, x) => `function ${f}(a«: any»)«: any» { return a?.b?.c ?? (a || undefined, ${x}); }`,
    '@(0)',
  ),
  applied: sync(
    (f, x) => `function ${f}(«this: any, »a«: number»)«: any» { return ${x}; }`,
    '@.call(null, 1)',
  ),
};

/** Only where there is JSX. */
export const jsxForms: Record<string, Form> = {
  attribute: lossy(
    (f, x) => `function ${f}(a«: number»)«: any» { return <div id="😀" title={${x}}>{a}</div>; }`,
  ),
  child: lossy(
    (f, x, noise) =>
      `export function ${f}(a«: number»)«: any» {\n  ${noise}return (\n    <section>\n      <b>é 😀</b> {a} {${x}}\n    </section>\n  );\n}`,
  ),
  component: sync(
    (f, x) =>
      `const P${f} = (props«: any»)«: any» => props.a && ${x};\nconst ${f} = (a«: number») => <><P${f} a={a} /></>;`,
  ),
  asyncComponent: later(
    (f, x, noise) =>
      `export const ${f} = async (props«: any») => {\n  ${noise}const got = ${x};\n  return <i {...props}>{got}</i>;\n};`,
    '@({})',
  ),
};

/** Only where TypeScript's first decorators are. */
export const decoratorForms: Record<string, Form> = {
  decorated: sync(
    (f, x) =>
      `function ${f}Wrap(_: object, __: string, held: PropertyDescriptor) { const { value } = held; held.value = function (this: unknown, ...args: unknown[]) { return value.apply(this, args); }; }\nclass ${f} { @${f}Wrap run(a: number): any { return ${x}; } }`,
    'new @().run(1)',
  ),
  decorator: sync(
    (f, x) =>
      `function ${f}(a: number): any {\n  let got: any;\n  const mark = (_: unknown) => { got = a && ${x}; };\n  @mark class Held {}\n  return [got, Held][0];\n}`,
  ),
  asyncDecorated: later(
    (f, x, noise) =>
      `const ${f}Mark = (_: object, __: string) => {};\nexport class ${f} {\n  @${f}Mark\n  async run(a: number): Promise<unknown> { ${noise}const got = ${x}; return [got, a]; }\n}`,
    'new @().run(1)',
  ),
};

/** Handlers of a router, which are wrapped where they stand. */
export const routeForms: Record<string, Form> = {
  handler: later(
    (f, x, noise) =>
      `app.get('/${f}', async (context) => {\n  ${noise}const got = ${x};\n  return context.json([got]);\n});`,
    "app.request('/@')",
  ),
  chain: later(
    (f, x) =>
      `app.use('/${f}', async (_, next) => { await next(); }).get('/${f}', async (context, next) => { await next(); }, (async (context) => context.json([${x}])));`,
    "app.request('/@')",
  ),
  named: later(
    (f, x, noise) =>
      `async function ${f}(context«: any») { ${noise}return context.json([${x}]); }\napp.post('/${f}', ${f});`,
    "app.request('/@', { method: 'POST' })",
  ),
};

/** Modules whose default export has no name; `@` is what fails. */
export const anonymous: readonly { text: string; call: string }[] = [
  { text: 'export default async (a«: number») => {\n  const got = [a, @];\n  return got;\n};', call: '(1)' },
  { text: 'export default async function (a«: number») { await null; return [a, @]; }', call: '(1)' },
  { text: 'export default (a«: number») => a && @;', call: '(1)' },
  { text: 'export default function (a«: number») { return [a, @]; }', call: '(1)' },
  { text: 'export default { async run(a«: number») { return a && @; } };', call: '.run(1)' },
];

/** What fails; `@` is what the error can be told by. */
export const failures: readonly string[] = [
  "raise('@')",
  "raise(`😀 é ${'@'}`)",
  'nothing.@',
  'nothing.@()',
  "(() => { throw new RangeError('@'); })()",
  "(function inner(a«: string»)«: any» { throw new TypeError(a); })('@')",
  "JSON.parse('@')",
  "BigInt('@')",
  "(() => { throw new Failing('@'); })()",
  "new (class extends Failing { constructor(message«: string») { super(message); throw this; } })('😀 @')",
  "new Proxy(same, { apply() { throw new Error('@'); } })(1)",
  '(0, eval)(\'(function evaluated() { throw new Error("@"); })()\')',
  "new Function('a', 'throw new Error(a)')('@')",
  "raiseBecause(() => raise('inner @'), '@')",
];

/** What fails in an async function alone. */
export const asyncFailures: readonly string[] = [
  "rejected('@')",
  "Promise.all([same(1), rejected('@')])",
  "Promise.any([rejected('one of @')]).catch((all) => { throw new Error('@', { cause: all }); })",
  "Promise.any([rejected('first'), raisedLater('second')]).catch((all) => { all.message += ' @'; throw all; })",
  "new Promise((_, reject) => setImmediate(() => reject(new Error('@'))))",
];

/** Statements before the expression, on its line; `return` among them, which is rewritten. */
export const noises: readonly string[] = [
  '',
  '',
  '/* 😀𝒳 é */ ',
  "const é = '𝒳😀'; ",
  'if (nothing) return nothing; ',
  "if (nothing) { return nothing.same('😀'); } ",
  'const list = [1, 2].map((n) => n * 2); ',
  'class Local { async run() { return 1; } } ',
  'const regular = /[}"\'`]/.test("}") ? `${"}"}` : 1; ',
];
