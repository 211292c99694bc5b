/** Statements: each way of leaving a function, of declaring a name, and of coming to the same place twice. */
import type { Context, Text } from './context.ts';
import { pick, several, text, words } from './context.ts';
import { closed, expression } from './expressions.ts';

/** All that `return` can be written like. */
function returns(value: Text): Text {
  return pick(
    'return;',
    'return\n/1/g;',
    [4, text`return ${value};`],
    text`return (${value});`,
    text`return(${value})`.map((text) => `${text};`),
    text`return ${value}, note("last");`,
    text`return ${value}\n;`,
    text`return/**/${closed(value)} /* ; */;`,
    text`return [${value}]`.map((text) => `${text}\n`),
    text`return { a: ${value}, }\n`,
    text`return function () { return ${words('1', 'this')}; };`,
    text`return async () => ${words('1', 'note("inner")')};`,
    text`return class { async m() { return 1; } };`,
    text`return!${closed(value)};`,
    text`return"text"+${closed(value)};`,
    text`return \`\${${value}}\`;`,
    text`if (note(1)) return ${value}; else return ${value};`,
    text`if (note(0)) return ${value}\nelse note("else");`,
    text`do return ${value}; while (0)`.map((text) => `${text}\n`),
    text`label: return ${value};`,
    text`for (;;) return ${value};`,
    text`{ return ${value} }`,
  );
}

const SIMPLE = words(
  'note("step");',
  'queueMicrotask(() => log("microtask"));',
  'throw new Error("thrown");',
  'throw undefined;',
  'throw shared.error;',
  'throw Object.freeze({ frozen: true });',
  'throw note;',
  'throw "a text";',
  'debugger;',
  ';',
  'shared.count += 1\n',
  'var later; note(typeof later); later = 1;',
  'note(typeof hoisted); function hoisted() { return note("hoisted"); } hoisted();',
  '{ note(typeof inBlock); function inBlock() { return 1; } } note(typeof inBlock === "function");',
  'if (note(1)) { function conditional() {} note(typeof conditional); }',
  'class Local { static { note("static block"); } #p = 1; has(x) { return #p in x; } } note(new Local().has({}));',
  'const $rs = note("ours"); note($rs);',
  'let $rsEnter = 1, $rs_error = 2; note($rsEnter + $rs_error);',
  'for (var index = 0; index < 2; index++) note(index); note(index);',
  'for (let i = 0, f; i < 2; i++) { const g = f; f = () => i; if (g) note(g()); }',
  'for (const key in { a: 1, b: 2 }) note(key);',
  'var { x = note("x"), ...y } = { z: 1 }; note(y);',
  '[shared.a, shared.b = note("assigned")] = [1];',
  '({ a: shared.a, ...shared.rest } = { a: 1, b: 2 });',
  'let tdz = 1; { try { note(tdz); } catch (error) { note(error.name); } let tdz = 2; }',
  'try { note(typeof early); early; } catch (error) { note(error.name); } let early = 1;',
);

/** What is thrown is looked at when its event is written, so nothing that tells of being looked at. */
const THROWN = words(
  'shared',
  'note',
  '[1]',
  'Symbol.for("x")',
  '1n',
  'new Date(0)',
  'class {}',
  '(note(1), shared.error)',
);

/** What sloppy code may, and strict code may not. */
const SLOPPY = words(
  'with ({ a: 9, note2: note }) { note(a); }',
  'eval("var fromEval = 1"); note(typeof fromEval);',
  'note(eval("typeof this"));',
  'undeclared_ = 1; note(undeclared_); delete globalThis.undeclared_;',
  'var yield_ = 010; note(yield_);',
  'function twice() { return 1; } var twice; function twice() { return 2; } note(twice());',
  'arguments_: { note(1); break arguments_; }',
);

function simple(context: Context): Text {
  const { async, generator, strict, arrow, parameters } = context;
  const value = expression(context);
  const choices: (string | Text | readonly [number, Text])[] = [
    [5, SIMPLE],
    [5, returns(value)],
    text`const ${words('k1', 'k2', 'k3')}${words('', '$', 'x')} = ${value};`.map((text) => `{ ${text} }`),
    text`${closed(value)};`.map((text) => `;${text}`),
    text`void ${closed(value)};`,
    text`log(${value});`,
    text`throw ${THROWN};`,
    text`const closure = () => ${closed(expression({ ...context, arrow: true, method: false, async: false, generator: false }))};  try { note(closure()); } catch (error) { note(error); }`.map(
      (text) => `{ ${text} }`,
    ),
  ];
  if (parameters.length > 0) {
    const name = words(...parameters);
    choices.push(
      text`${name} = note("assigned to a parameter");`,
      name.map((name) => `var ${name}; note(${name});`),
      name.map((name) => `var ${name} = note("redeclared"); note(${name});`),
      name.map((name) => `{ let ${name === 'let' ? 'a' : name} = note("inner"); }`),
      name.map((name) => `note((() => ${name})());`),
    );
    if (!strict)
      choices.push(
        name.map((name) => `function ${name}() {} note(typeof ${name});`),
        name.map((name) => `{ function ${name}() {} }`),
      );
    if (!strict && !arrow)
      choices.push(name.map((name) => `${name} = 7; note(arguments[0]); arguments[0] = 8; note(${name});`));
  }
  if (!strict) choices.push([2, SLOPPY]);
  if (async) {
    choices.push(
      [2, text`await ${closed(value)};`],
      text`log(await ${closed(value)});`,
      text`for (const item of await ${words('[1, 2]', 'Promise.resolve([1])')}) note(item);`,
      text`for await (const item of ${words('slowItems()', '[Promise.resolve(1), 2]', 'items("for await")', '[Promise.reject(1)]')}) { note(item); }`,
      text`switch (await ${closed(value)}) { case await note(1): note("one"); default: note("default"); }`,
      words(
        'await null;',
        'await undefined\n',
        'await (await 1);',
        'var { a: { b: inAwait = await note("await in a pattern") } = {} } = {};',
      ),
    );
  }
  if (generator)
    choices.push(
      [2, text`log("sent", yield ${closed(value)});`],
      text`yield* ${words('[1, 2]', 'items("yield*")')};`,
      'yield;',
    );
  return pick(...choices);
}

export function statements(context: Context, depth: number): Text {
  return several(statement(context, depth), 3, ' ');
}

function statement(context: Context, depth: number): Text {
  if (depth === 0) return simple(context);
  const value = closed(expression(context));
  const block = statements(context, depth - 1);
  const { async, generator, strict } = context;
  const level = words(String(depth));
  const inner = { ...context, async: true, generator: false, arrow: true };
  return pick(
    [6, simple(context)],
    text`try { ${block} } catch (error) { log("caught", error); ${block} }`,
    text`try { ${block} } catch { ${block} }`,
    text`try { ${block} } catch ({ message = note("no message") }) { note(message); }`,
    text`try { ${block} } finally { ${block} }`,
    text`try { ${block} } catch (a) { ${block} } finally { ${block} }`,
    text`outer${level}: for (let i = 0; i < 2; i++) { ${block} if (i) break outer${level}; else continue outer${level}; }`,
    text`outer${level}: { inner${level}: for (const n of [1, 2]) { try { ${block} continue inner${level}; } finally { if (n === 2) break outer${level}; } } }`,
    text`for (let n = 0; n < 2; n++) { try { ${block} } finally { continue; } }`,
    text`if (note(${words('0', '1')})) { ${block} } else { ${block} }`,
    text`for (const item of items("of")) { ${block} }`,
    text`{ const a = "inner"; ${block} }`,
    text`switch (1) { case 1: ${block} default: let a = ${value}; }`,
    text`do { ${block} } while (note(0))`.map((text) => `${text}\n`),
    text`while (note(1)) { ${block} break; }`,
    text`{ const inner = async () => { ${statements({ ...inner, method: false, before: inner.before }, depth - 1)} }; inner().catch(note); }`,
    ...(strict ? [] : [text`with ({ inWith: 1 }) { ${block} }`]),
    ...(async
      ? [
          text`if (await ${value}) { ${block} } else { ${block} }`,
          text`for await (const item of slowItems()) { ${block} }`,
          text`try { await ${value}; } finally { ${block} }`,
        ]
      : []),
    ...(generator ? [text`try { yield ${value}; } finally { ${block} }`] : []),
  );
}
