/** Every form in which a module can declare a function and export it. */
import fc from '../../../support/properties.ts';
import type { Context, Text } from './context.ts';
import { pick, words } from './context.ts';
import { expression } from './expressions.ts';
import { parameters } from './parameters.ts';
import { statements } from './statements.ts';

/** Where a declaration goes, and what may be called in it. */
export type Place = Pick<Context, 'kind' | 'strict' | 'before' | 'anywhere'>;

interface Marks {
  async?: boolean;
  generator?: boolean;
  arrow?: boolean;
  method?: boolean;
}

/** Parameters and body of a function, `(a) { … }`, or `(a) => { … }`. */
function rest(
  place: Place,
  { async = false, generator = false, arrow = false, method = false }: Marks,
): Text {
  return fc.boolean().chain((directive) =>
    parameters({ strict: place.strict || directive, arrow }).chain((list) => {
      const isStrict = directive && list.simple;
      const parameters = isStrict || !directive ? list : { text: '(a)', names: ['a'] };
      const strict = place.strict || directive;
      const context: Context = {
        ...place,
        strict,
        async,
        generator,
        arrow,
        method,
        parameters: parameters.names,
      };
      const body = statements(context, 2).map((text) => `{ ${directive ? '"use strict"; ' : ''}${text} }`);
      const short = expression(context).map((text) => (/^[{]/.test(text) ? `(${text})` : text));
      return (arrow ? pick([3, body], short) : body).map(
        (text) => `${parameters.text} ${arrow ? '=> ' : ''}${text}`,
      );
    }),
  );
}

const spaces = words('', ' ', '/**/', '\n');

/** A function as an expression. `name` is not its own, unless it says so. */
function functionExpression(place: Place, method = false): Text {
  const async = words('async ', 'async /**/ ', 'async\t');
  return pick(
    [4, fc.tuple(async, rest(place, { async: true, arrow: true, method })).map(([a, r]) => a + r)],
    [2, fc.tuple(async, spaces, rest(place, { async: true })).map(([a, s, r]) => `${a}function${s}${r}`)],
    rest(place, { async: true }).map((r) => `async function named ${r}`),
    rest(place, { async: true, generator: true }).map((r) => `async function* ${r}`),
    rest(place, {}).map((r) => `function ${r}`),
    rest(place, { generator: true }).map((r) => `function* ${r}`),
    rest(place, { arrow: true, method }).map((r) => r),
  );
}

/** A declaration of a function called `name`, without its export. */
export function declaration(place: Place, name: string): Text {
  const mark = pick(
    [5, words('async function')],
    [2, words('async function*', 'async function *')],
    'function',
    'function*',
  );
  return mark.chain((mark) =>
    rest(place, { async: mark.startsWith('async'), generator: mark.endsWith('*') }).map(
      (r) => `${mark} ${name}${r}`,
    ),
  );
}

const KEYS = words(
  'one',
  '"quoted key"',
  '12',
  '[note("computed")]',
  '[Symbol.for("key")]',
  'get',
  'async',
  'static',
  'default',
  '$rs',
);

function methodOf(place: Place, isStatic: boolean): Text {
  const m = (marks: Marks): Text => rest(place, { ...marks, method: true });
  const prefix = isStatic ? 'static ' : '';
  return KEYS.chain((key) =>
    pick(
      [4, m({ async: true }).map((r) => `async ${key}${r}`)],
      m({ async: true, generator: true }).map((r) => `async *${key}${r}`),
      m({ generator: true }).map((r) => `*${key}${r}`),
      m({}).map((r) => `${key}${r}`),
      words('note("got")', '1').map((v) => `get ${key}() { return ${v}; }`),
      words('note(a)', 'void a').map((v) => `set ${key}(a) { ${v}; }`),
    ).map((text) => prefix + text),
  );
}

/** An object with functions in it, in all forms. */
function object(place: Place): Text {
  const property = fc.tuple(KEYS, functionExpression(place)).map(([key, value]) => `${key}: ${value}`);
  return (
    fc
      .array(
        pick(
          [3, methodOf(place, false)],
          [2, property],
          '...({ spread: 1 })',
          '__proto__: { base(a) { return a; } }',
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      // Two prototypes are an error.
      .map((parts) =>
        parts.filter(
          (part, i) =>
            !part.startsWith('__proto__') || i === parts.findIndex((p) => p.startsWith('__proto__')),
        ),
      )
      .map((parts) => `{ ${parts.join(', ')} }`)
  );
}

/** The body of a class, and what it extends. */
function classTail(place: Place): Text {
  const strict = { ...place, strict: true };
  const field = fc
    .tuple(
      words('', 'static '),
      words('field', '"quoted"', '[note("field")]'),
      functionExpression(strict, true),
    )
    .map(([s, key, value]) => `${s}${key} = ${value};`);
  const hidden = rest(strict, { async: true, method: true }).map((r) =>
    `async #hidden${r} async callHidden(a) { return this.#hidden(a); } static #count = 0; static get count() { return C_ ? ++this.#count : 0; }`.replace(
      'C_ ?',
      'true ?',
    ),
  );
  const member = pick(
    [4, methodOf(strict, false)],
    [2, methodOf(strict, true)],
    [2, field],
    hidden,
    'static { note("static"); }',
    'get value() { return note("value"); } set value(a) { note(a); }',
    'static async made() { return new this(); }',
  );
  const constructors = [
    '',
    'constructor(a) { super(a); note(new.target.name); } ',
    'constructor(...args) { note("before super"); super(...args); this.args = args.length; } ',
  ];
  return fc
    .tuple(fc.constantFrom(...constructors), fc.array(member, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([constructor, members, extended]) => {
      const once = members.filter(
        (text, i) => !text.includes('#hidden') || i === members.findIndex((t) => t.includes('#hidden')),
      );
      return `${extended ? ' extends Base' : ''} { ${extended ? constructor : ''}${once.join(' ')} }`;
    });
}

/** What is assigned, or exported by default. */
export function value(place: Place): Text {
  return pick(
    [5, functionExpression(place)],
    [2, object(place)],
    classTail(place).map((tail) => `class${tail}`),
    classTail(place).map((tail) => `class Named${tail}`),
    functionExpression(place).map((text) => `(${text})`),
    functionExpression(place).map((text) => `plain(${text})`),
  );
}

export function classDeclaration(place: Place, name: string): Text {
  return classTail(place).map((tail) => `class ${name}${tail}`);
}
