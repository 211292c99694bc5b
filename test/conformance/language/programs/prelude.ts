/** What every module of a program begins with: things that tell when they are used, and things to return and throw. */

/** `log`, `shared`, `fuel` and `identity` come from programs-child.ts. */
export const PRELUDE = `
const note = (value) => (log("note", value), value);
const fail = (text) => { throw new Error(text); };
const plain = (value) => value;
const go = (call) => (fuel.left-- > 0 ? call() : "no fuel");
const thenable = (value) => ({ then(resolve) { log("then"); resolve(value); } });
const brokenThenable = () => ({ get then() { throw new Error("no then"); } });
const foreverPending = new Promise(() => {});
class Lazy extends Promise { static get [Symbol.species]() { log("species"); return Promise; } then(...args) { log("lazy then"); return super.then(...args); } }
class Base { constructor() { note(new.target === Base); } async base(a) { return note(a); } static base(a) { return [a]; } }
const watchedPromise = () => { const p = Promise.resolve(1); p.then = (...args) => { log("own then"); return Promise.prototype.then.apply(p, args); }; return p; };
const logKey = (trap, key) => /^Symbol\\((?:kResourceStore|(?:trigger_)?async_id_symbol)\\)$/.test(String(key)) || log(trap, String(key));
const proxied = (target) => new Proxy(target, { get: (o, k) => (logKey("get", k), typeof o[k] === "function" ? o[k].bind(o) : o[k]), getPrototypeOf: (o) => (log("prototype"), Reflect.getPrototypeOf(o)), has: (o, k) => (logKey("has", k), k in o), getOwnPropertyDescriptor: (o, k) => (logKey("descriptor", k), Reflect.getOwnPropertyDescriptor(o, k)) });
const items = (how) => ({ *[Symbol.iterator]() { try { yield 1; yield 2; } finally { note(how); } } });
const slowItems = async function* () { try { yield 1; yield 2; } finally { await note("closed"); } };
const tag = (strings, ...values) => strings.raw.join("|") + values.join();
const await_ = 1;
`;
