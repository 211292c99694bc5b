/** Random programs of async functions and generators that call each other: what the rewrite must not change is in them. */
import fc from './properties.ts';

/** What every program starts with. */
const PRELUDE = `
const thenable = (value) => ({ then(resolve) { log('then'); resolve(value); } });
class Lazy extends Promise {}
const fail = (text) => { throw new Error(text); };
let count = 0;
const items = (how) => ({ *[Symbol.iterator]() { try { yield 1; yield 2; } finally { note(how); } } });
const slowItems = async function* () { try { yield 1; yield 2; } finally { await note("closed"); } };
const note = (value) => (log('note', ++count), value);
`;

const PARAMETERS = fc.constantFrom(
  '(a)',
  '()',
  '(a, ...rest)',
  '(a = note("default"))',
  '(a = fail("default"))',
  '({ a, ...rest } = { a: 1 })',
  '({ a } = fail("pattern"), b)',
  '([a, b = note(2)] = [1])',
  '(a, b = a)',
);

interface Context {
  /** How many functions may be called: those before this one. */
  callable: number;
  generator: boolean;
}

/** An expression that may give a promise, or throw. */
function expression({ callable }: Context): fc.Arbitrary<string> {
  const call =
    callable === 0 ? fc.constant('Promise.resolve("none")') : fc.nat(callable - 1).map((n) => `f${n}(1)`);
  return fc.oneof(
    fc.constantFrom(
      '1',
      '"text"',
      'undefined',
      '{ a: 1 }',
      'note("value")',
      'Promise.resolve(2)',
      'thenable(3)',
      'Promise.reject(new Error("rejected"))',
      'new Lazy((resolve) => resolve(4))',
      'fail("expression")',
      '(note(5), Promise.resolve(6))',
      'arguments.length',
      'typeof this',
      'new Promise((resolve) => queueMicrotask(() => resolve(7)))',
    ),
    call,
    call.map((text) => `(await ${text})`),
    call.map((text) => `${text}.catch((error) => note(error.message))`),
    call.map((text) => `note(${text})`),
    call.map((text) => `(note(8) ? ${text} : 9)`),
    call.map((text) => `Promise.race([${text}, thenable(10)])`),
  );
}

function statements(context: Context, depth: number): fc.Arbitrary<string> {
  return fc.array(statement(context, depth), { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
}

function statement(context: Context, depth: number): fc.Arbitrary<string> {
  const value = expression(context);
  const simple = fc.oneof(
    fc.constantFrom(
      'note("step");',
      'queueMicrotask(() => log("microtask"));',
      'return;',
      'throw new Error("thrown");',
      'throw undefined;',
    ),
    value.map((text) => `return ${text};`),
    value.map((text) => `return ${text}, note("last")`).map((text) => `${text};`),
    value.map((text) => `await ${text};`),
    value.map((text) => `log(await ${text});`),
    // Floating: nobody waits, and perhaps nobody handles.
    value.map((text) => `void ${text};`),
    ...(context.generator
      ? [value.map((text) => `log("sent", yield ${text});`), fc.constant('yield* [1, 2];')]
      : []),
  );
  if (depth === 0) return simple;
  const block = statements(context, depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: simple },
    {
      weight: 1,
      arbitrary: fc
        .tuple(block, block)
        .map(([a, b]) => `try { ${a} } catch (error) { log("caught", error); ${b} }`),
    },
    { weight: 1, arbitrary: fc.tuple(block, block).map(([a, b]) => `try { ${a} } finally { ${b} }`) },
    {
      weight: 1,
      arbitrary: block.map(
        (a) => `outer: for (let i = 0; i < 2; i++) { ${a} if (i) break outer; else continue outer; }`,
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(value, block, block)
        .map(([test, a, b]) => `if (await ${test}) { ${a} } else { ${b} }`),
    },
    { weight: 1, arbitrary: block.map((a) => `for (const item of items("of")) { ${a} }`) },
    { weight: 1, arbitrary: block.map((a) => `for await (const item of slowItems()) { ${a} }`) },
    { weight: 1, arbitrary: block.map((a) => `for await (const item of [Promise.resolve(1), 2]) { ${a} }`) },
    { weight: 1, arbitrary: block.map((a) => `{ const a = "inner"; ${a} }`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(block, value)
        .map(([a, v]) => `switch (1) { case 1: ${a} default: let a = ${v}; log(await a); }`),
    },
    {
      weight: 1,
      arbitrary: block.map(
        (a) =>
          `{ const inner = async () => { ${a.replaceAll(/yield\*? /g, '')} }; await inner().catch(note); }`,
      ),
    },
  );
}

/** A function, as an export named `f<index>`, which may call those before it. */
function definition(index: number): fc.Arbitrary<string> {
  const context = { callable: index, generator: false };
  const name = `f${index}`;
  const body = statements(context, 2);
  const plain = fc.oneof(
    fc
      .tuple(PARAMETERS, body)
      .map(([p, b]) => `async function ${name}${p} { ${b} } exports.${name} = ${name};`),
    fc.tuple(PARAMETERS, body).map(([p, b]) => `const ${name} = exports.${name} = async ${p} => { ${b} };`),
    fc
      .tuple(PARAMETERS, expression(context))
      .map(
        ([p, e]) => `const ${name} = exports.${name} = async ${p} => ${e.startsWith('{') ? `(${e})` : e};`,
      ),
    fc
      .tuple(PARAMETERS, body)
      .map(([p, b]) => `const ${name} = exports.${name} = async function ${p} { ${b} };`),
  );
  const method = fc
    .tuple(PARAMETERS, body)
    .map(
      ([p, b]) =>
        `const o${index} = { async ${name}${p} { ${b} } }; const ${name} = (...args) => o${index}.${name}(...args); module.exports = o${index};`,
    )
    .map((text) => text.replace('module.exports = ', `exports.${name} = `).replace(/;$/, `.${name};`));
  const generator = fc
    .tuple(PARAMETERS, statements({ callable: index, generator: true }, 2))
    .map(([p, b]) => `exports.g${index} = async function* ${p} { ${b} }; const ${name} = async (a) => a;`);
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: method },
    { weight: 1, arbitrary: generator },
  );
}

/** The text of a CommonJS module. */
export const programs: fc.Arbitrary<string> = fc
  .integer({ min: 2, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => definition(index))))
  .map((definitions) => `${PRELUDE}${definitions.join('\n')}\n`);
