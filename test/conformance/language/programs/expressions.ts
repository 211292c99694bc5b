/** Expressions that give promises, throw, are watched while they are evaluated, or look like something else to a parser. */
import type { Context, Text } from './context.ts';
import { pick, text, words } from './context.ts';

const SIMPLE = words(
  '1',
  '"text"',
  'undefined',
  'null',
  '-0',
  '10n',
  '/[)}\\]]\\/*/g',
  '`a${note("in a template")}b`',
  '`}) => {`',
  'note("value")',
  'fail("expression")',
  '[1, , note(3)]',
  '({ a: 1, get b() { return note("getter"); }, async c() { return 1; } })',
  '(note(5), Promise.resolve(6))',
  'typeof this',
  'typeof nowhere',
  'typeof \\u0024rs',
  'typeof $rs2',
  'void note(0)',
  'shared',
  'shared.count++',
  '(shared.last = note("assigned"))',
  'shared?.missing?.(note("never"))',
  'shared.missing ?? note("missing")',
  'delete shared.last',
  'tag`one ${note(1)} two`',
  'new Date(0).getTime()',
  '(class { static name2 = note("class"); })',
  '(function () { return typeof this; })()',
  '(() => { return 1; })()',
  'Symbol.for("x")',
  '[...items("spread")].length',
  '((a) => a)(note("arrow"))',
  'Object.keys({ async: 1, await_: 2, of: 3 }).join()',
);

const PROMISES = words(
  'Promise.resolve(2)',
  'Promise.reject(new Error("rejected"))',
  'Promise.reject(undefined)',
  'thenable(3)',
  'brokenThenable()',
  'new Lazy((resolve) => resolve(4))',
  'new Promise((resolve) => queueMicrotask(() => resolve(7)))',
  'new Promise((_, reject) => queueMicrotask(() => reject(shared.error)))',
  'watchedPromise()',
  'proxied(Promise.resolve(8))',
  'Promise.all([1, note(2), Promise.resolve(3)])',
  'Promise.allSettled([Promise.reject(1), fail])',
  'shared.promise',
  'foreverPending',
);

/** An expression that may give a promise, or throw. */
export function expression(context: Context): Text {
  const { before, anywhere, parameters, async, generator, arrow, method, strict } = context;
  const called = before.length === 0 ? words('plain(1)') : words(...before).map((name) => `${name}(1)`);
  const fuelled = anywhere.length === 0 ? called : words(...anywhere).map((name) => `go(() => ${name}(1))`);
  const call = pick([2, called], [2, fuelled]);
  const choices: (Text | readonly [number, Text])[] = [
    [6, SIMPLE],
    [6, PROMISES],
    [4, call],
    call.map((text) => `${text}?.catch?.((error) => note(error))`),
    call.map((text) => `note(${text})`),
    call.map((text) => `(note(8) ? ${text} : 9)`),
    call.map((text) => `(note(0) || ${text})`),
    call.map((text) => `(note(1) && ${text})`),
    call.map((text) => `(note(null) ?? ${text})`),
    call.map((text) => `Promise.race([${text}, thenable(10)])`),
    call.map((text) => `(shared.promise = ${text})`),
    call.map((text) => `/* a comment */ ${text} // and one more\n`),
    call.map((text) => `(() => ${text})()`),
    call.map((text) => `new Map([["key", ${text}]])`),
  ];
  if (parameters.length > 0) choices.push([3, words(...parameters)]);
  if (!arrow)
    choices.push(
      words('arguments.length', '[...arguments].length', 'arguments[0]', 'new.target', 'typeof new.target'),
    );
  if (!arrow && !strict)
    choices.push(words('arguments.callee.name', '(arguments[0] = 5)', 'typeof arguments.callee.caller'));
  if (method)
    choices.push(
      words('super.base?.(1)', 'super.missing', '(() => super.base)()', 'super["base"] !== undefined'),
    );
  if (async) {
    choices.push(
      [3, pick(call, PROMISES).map((text) => `(await ${text})`)],
      text`[await ${PROMISES}, note("after an await")]`,
      text`({ [await ${SIMPLE}]: 1, a: await ${PROMISES} })`,
      text`\`\${await ${PROMISES}}\``,
      text`note(await ${PROMISES}, ...await [1, 2])`,
      text`(await ${PROMISES})?.a?.[await note("key")]`,
      text`(await (await ${PROMISES}))`,
      text`typeof await ${PROMISES}`,
      text`await note(1) ** 2`.map((text) => text.replace('await note(1)', '(await note(1))')),
      text`new (await class { constructor() { note("made"); } })(await ${SIMPLE})`,
      text`(class extends (await Base) { static [await note("computed")] = 1; })`,
    );
  }
  if (generator)
    choices.push(
      [3, text`(yield ${SIMPLE})`],
      text`[yield, yield ${SIMPLE}]`,
      text`(yield* ${words('[1, 2]', 'items("delegated")')})`,
    );
  return pick(...choices);
}

/** For places where an expression must not be mistaken for a block, a function, or two expressions. */
export const closed = (value: Text): Text => value.map((text) => `(${text})`);
