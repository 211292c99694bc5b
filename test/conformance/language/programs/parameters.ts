/** Parameter lists: patterns, defaults that throw or look at what is around them, rests, and names of ours. */
import fc from '../../../support/properties.ts';

export interface Parameters {
  text: string;
  names: readonly string[];
  /** No defaults, patterns or rest: `arguments` follows what is assigned to them, and `'use strict'` may follow. */
  simple: boolean;
}

const LISTS: readonly Parameters[] = [
  ['()', '', true],
  ['(a)', 'a', true],
  ['(a, b)', 'a b', true],
  ['(a, b, c,)', 'a b c', true],
  ['(a, ...rest)', 'a rest'],
  ['(...[a, b])', 'a b'],
  ['(...{ length, 0: a })', 'length a'],
  ['(a = note("default"))', 'a'],
  ['(a = fail("default"))', 'a'],
  ['(a, b = a)', 'a b'],
  ['(a = b, b)', 'a b'],
  ['(a, b = () => a, c = b())', 'a b c'],
  ['(a, get = () => a, set = (value) => { a = value; })', 'a get set'],
  ['({ a, ...rest } = { a: 1 })', 'a rest'],
  ['({ a } = fail("pattern"), b)', 'a b'],
  ['({ a: { b = note("deep"), ...others } = {}, c })', 'b others c'],
  ['({ [note("key")]: a, b })', 'a b'],
  ['([a, b = note(2)] = [1])', 'a b'],
  ['([, a, ...[b, c]] = items("pattern"))', 'a b c'],
  ['({ get a() { return note("got"); } }.a)', ''],
  ['(a = function named() { return typeof named; }, b = a())', 'a b'],
  ['(a = class { static x = note("static"); }, b = a.x)', 'a b'],
  ['(a, b = async () => a, c = await_)', 'a b c'],
  ['(async, of, get, set)', 'async of get set', true],
  ['($rs_error, $rsCall)', '$rs_error $rsCall', true],
  ['($rs, a = $rs)', '$rs a'],
  ['(__proto__, constructor)', '__proto__ constructor', true],
].flatMap(([text, names, simple = false]) => {
  // `(get a)` is no parameter: what is no list of parameters stays out.
  const list = { text: text as string, names: String(names).split(' ').filter(Boolean), simple: !!simple };
  return list.text.startsWith('({ get') ? [] : [list];
});

/** Not in strict code, nor in modules. */
const SLOPPY: readonly Parameters[] = [
  { text: '(a, a)', names: ['a'], simple: true },
  { text: '(arguments)', names: ['arguments'], simple: true },
  { text: '(eval, a)', names: ['eval', 'a'], simple: true },
  { text: '(let, static, a)', names: ['let', 'static', 'a'], simple: true },
  { text: '(a, b = arguments.length, c = eval("a"))', names: ['a', 'b', 'c'], simple: false },
  { text: '(a, b = eval("var hidden = 1; 2"))', names: ['a', 'b'], simple: false },
];

export function parameters({ strict, arrow }: { strict: boolean; arrow: boolean }): fc.Arbitrary<Parameters> {
  const all = strict
    ? LISTS
    : [...LISTS, ...SLOPPY.filter(({ text }) => !arrow || !/a, a\)|arguments/.test(text))];
  return fc.constantFrom(...all);
}
