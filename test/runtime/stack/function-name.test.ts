/** Names that a minifier took away: which place in the bundle is asked for, and what the original says there. */
import { describe, expect, it } from 'vitest';
import { declaredName, functionName } from '../../../runtime/stack/function-name.ts';

/**
 * The name of the frame at the `@` in minified code. What stands between `<` and `>` before a name is what the original
 * declares there.
 */
function nameIn(text: string, name: string | null): string | null {
  const originals = new Map<number, string>();
  let code = '';
  let offset = -1;
  for (const part of text.split(/(<\w+>|@)/)) {
    if (part === '@') offset = code.length;
    else if (/^<\w+>$/.test(part)) originals.set(code.length, part.slice(1, -1));
    else code += part;
  }
  return functionName(name, code, offset)((at) => originals.get(at));
}

describe('functionName', () => {
  it.each([
    ['a declaration', 'function <charge>a(e){@f()}', 'a', 'charge'],
    ['an async generator', 'async function*<charge>a(e){@f()}', 'a', 'charge'],
    ['an arrow', 'var <charge>a=async(e)=>{@f()}', 'a', 'charge'],
    ['an arrow without brackets', 'var <charge>a=async e=>@f()', 'a', 'charge'],
    ['an arrow in brackets', 'var <charge>a=(async e=>@f())', 'a', 'charge'],
    ['a function value', 'var <charge>a=async function(e){@f()}', 'a', 'charge'],
    ['a named function value', 'var b=function <charge>a(e){@f()}', 'a', 'charge'],
    ['a property', 'x={<charge>a:async(e)=>{@f()}}', 'Object.a', 'Object.charge'],
    ['a method', 'class <Client>t{async <charge>a(e){@f()}}', 't.a', 'Client.charge'],
    ['a method of a class value', 'var <Client>t=class extends n{a(){@f()}}', 't.a', 'Client.a'],
    ['a method of a named class value', 'var x=class <Client>t{a(){@f()}}', 't.a', 'Client.a'],
    [
      'a symbol method',
      'class <Client>t{[Symbol.iterator](){@f()}}',
      't.[Symbol.iterator]',
      'Client.[Symbol.iterator]',
    ],
    ['an arrow of a class', 'class <Client>t{a=()=>{@f()}}', 't.a', 'Client.a'],
    ['a constructor', 'class <Client>t{constructor(){@f()}}', 'new t', 'new Client'],
    ['a function that is a constructor', 'function <Client>t(){@f()}', 'new t', 'new Client'],
    ['a private method', 'class t{<send>#a(){@f()}}', '#a', 'send'],
    ['an accessor', 'class <Client>t{get total(){@f()}}', 'get total', 'get total'],
    ['a function called as a method', 'function <charge>a(e){@f()}', 'Object.a', 'Object.charge'],
    ['a name with a dollar', 'function <charge>$1(e){@f()}', '$1', 'charge'],
    ['a function that was moved', 'await <charge>async function(e){@f()}(b)', null, 'charge'],
    ['an arrow that was moved into brackets', '<charge>(async e=>{@f()})(b)', null, 'charge'],
    [
      'a function that V8 guesses a name for',
      'await <charge>async function(e){let n=[];@f()}(b)',
      'n',
      'charge',
    ],
    [
      'a declaration that was moved to its export',
      't.lookup=<lookup>async function(e){@f()}',
      't.lookup',
      'lookup',
    ],
    [
      'a function that is an export',
      '<exports>t.<lookup>lookup=async e=>{@f()}',
      't.lookup',
      'exports.lookup',
    ],
    [
      'a class that was moved to its export',
      't.Client=<Client>class{async get(){@f()}}',
      't.Client.get',
      'Client.get',
    ],
    [
      'a class that was moved to where it is made',
      'let s=new(<Client>class{async get(){@f()}})',
      'Object.get',
      'Client.get',
    ],
    ['a returned arrow', 'function a(){return<charge>(e)=>{@f()}}', null, 'charge'],
  ])('finds the name of %s', (_, code, name, original) => {
    expect(nameIn(code, name)).toBe(original);
  });

  it.each([
    ['of a nearer function that is over', 'function <charge>a(){function <wrong>a(){}@f()}', 'a', 'charge'],
    ['of a nearer arrow that is over', 'function <charge>a(){g(<wrong>a=>a,@f())}', 'a', 'charge'],
    ['of a call', 'function <charge>a(){<wrong>a(1);@f()}', 'a', 'charge'],
    ['in a string', 'function <charge>a(){g("function <wrong>a(){");@f()}', 'a', 'charge'],
    [
      'of the function around the one that V8 guesses a name for',
      'function <wrong>a(){b.map(function(){@f()})}',
      'a',
      'a',
    ],
    ['of the function around an anonymous one', 'const <wrong>a=()=>{b.map(()=>{@f()})}', null, null],
    ['of a class around another one', 'class <wrong>t{a(){return class{b(){@f()}}}}', 't.b', 't.b'],
    ['of a class around a plain object', '<wrong>class{a(){return{b(){@f()}}}}', 'Object.b', 'Object.b'],
    ['of an object that a function is called on', 'function <wrong>x(){}t.a=1;b={a(){@f()}}', 't.a', 't.a'],
    ['of a function that has it while V8 has none', 'function <wrong>a(){@f()}', null, null],
    [
      'of the function around a static block',
      '<wrong>(()=>{class t{static{@f()}}})()',
      '<static_initializer>',
      '<static_initializer>',
    ],
  ])('does not take the name %s', (_, code, name, original) => {
    expect(nameIn(code, name)).toBe(original);
  });

  it('gives an inherited method to the class that declares it, where names were minified', () => {
    expect(nameIn('class <Base>t{a(){@f()}}class n extends t{}', 'n.a')).toBe('Base.a');
    expect(nameIn('class <Base>Base{a(){@f()}}class Sub extends Base{}', 'Sub.a')).toBe('Sub.a');
    expect(nameIn('class <Base>t{a(){@f()}}', 'Object.a')).toBe('Object.a');
  });

  it('keeps the name where the map says nothing', () => {
    for (const name of [
      'a',
      'b',
      't.a',
      'new t',
      'Object.<anonymous>',
      'get a',
      'a b',
      '[Symbol.iterator]',
      'Promise.all',
    ]) {
      expect(nameIn('class t{a(){@f()}}', name)).toBe(name);
      expect(nameIn('@f()', name)).toBe(name);
    }
    expect(nameIn('function a(){@f()}', null)).toBeNull();
  });
});

describe('declaredName', () => {
  it.each([
    ['export async function ^charge(card: Card) {', 'charge'],
    ['^export async function charge(card: Card) {', 'charge'],
    ['export ^async function* charge(card: Card) {', 'charge'],
    ['export ^default async function charge() {', 'charge'],
    ['^export default async (ids: string[]) => {', 'default'],
    ['export default ^async (ids: string[]) => {', 'default'],
    ['export default (^async (ids) => {', 'default'],
    ['export ^default class {', 'default'],
    ['const ^charge = async () => {', 'charge'],
    ['const charge: (card: Card) => void = ^async () => {', undefined],
    ['const charge: Handler = ^async (card) => {', 'charge'],
    ['const charge = ^card => {', 'charge'],
    ['  private ^override async charge(card: Card) {', 'charge'],
    ['  ^private readonly charge = async () => {', 'charge'],
    ['  ^#send(body: string) {', '#send'],
    ['  ^"content-type"() {', undefined],
    ['  ^@Get() async list() {', undefined],
    ['  ^[Symbol.iterator]() {', undefined],
    ['^const charge = async () => {', undefined],
    ['^', undefined],
  ])('%s', (marked, name) => {
    expect(declaredName(marked.replace('^', ''), marked.indexOf('^'), true)).toBe(name);
  });

  it.each([
    ['const charge = ^async (card) => {', 'charge'],
    ['const charge = ^(card) => {', 'charge'],
    ['const charge: Handler = (^card) => {', 'charge'],
    ['const charge = async (^card: Card, amount = 1): Promise<void> => {', 'charge'],
    ['const total = (^order => order.total)(orders[0])', undefined],
    ['const total = ((^order) => order.total)(orders[0])', undefined],
    ['orders.map((^order) => order.total)', undefined],
    ['orders.map(^(order) => order.total)', undefined],
    ['orders.map(^order => order.total)', undefined],
    ['const total = ^(() => {', undefined],
    ['const total = (^() => {', undefined],
    ['const total = ^(async () => {', undefined],
    ['const total = sum(^(order) => {', undefined],
    ['app.get(path, ^async (req) => {', undefined],
    ['setTimeout(^function retry() {', 'retry'],
  ])('where the bundle has no name: %s', (marked, name) => {
    expect(declaredName(marked.replace('^', ''), marked.indexOf('^'))).toBe(name);
  });
});
