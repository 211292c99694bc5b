/** A realm of its own for each run of a test, with what test262 asks of its host, and the hooks that the transform imports. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vm from 'node:vm';

const require = createRequire(import.meta.url);

const TURNS = 100;

/** Under which the runtime keeps what is to be there once. */
const STATE = Symbol.for('replaystack.runtime');
const RUNTIME = 'unplugin-replaystack/runtime';

export type Hooks = Record<string, (...args: never[]) => unknown>;

export interface RealmOptions {
  /** The text of the hooks, which are evaluated in the realm: promises are those of it. */
  hooks: string;
  /** What the runtime of the process keeps, of which the hooks make use; undefined if there is no client. */
  state: unknown;
  /** The text of a module that a test imports, by its path. */
  load(path: string): Promise<string>;
  print(line: string): void;
}

export interface Realm {
  context: vm.Context;
  run(text: string, file: string): unknown;
  runModule(text: string, file: string): Promise<void>;
}

const compiled = new Map<string, vm.Script>();

/** Evaluates what is the same for all realms. */
function evaluate(context: vm.Context, text: string, file: string): unknown {
  let script = compiled.get(text);
  if (script === undefined) compiled.set(text, (script = new vm.Script(text, { filename: file })));
  return script.runInContext(context);
}

export function createRealm(options: RealmOptions): Realm {
  const context = vm.createContext({});
  const global = vm.runInContext('globalThis', context) as Record<PropertyKey, unknown>;
  if (options.state !== undefined) hide(global, STATE, options.state);
  const modules = new Map<string, Promise<vm.Module>>();
  let hooks: Hooks | undefined;
  const loadHooks = (): Hooks => (hooks ??= evaluateHooks(context, options.hooks));
  hide(global, 'print', (line: unknown) => options.print(String(line)));
  hide(global, 'require', () => loadHooks());
  hide(global, '$262', host(context, global, options));

  const importModule = async (specifier: string, from: string, json: boolean): Promise<vm.Module> => {
    if (specifier === RUNTIME) return runtimeModule(loadHooks(), context);
    const path = resolve(dirname(from), specifier);
    const known = modules.get(path);
    if (known !== undefined) return known;
    const loading = options
      .load(path)
      .then((text) => (json ? jsonModule(text, context) : compile(text, path)));
    modules.set(path, loading);
    return loading;
  };
  const importDynamically = async (
    specifier: string,
    from: string,
    attributes: object,
  ): Promise<vm.Module> => {
    const module = await importModule(specifier, from, 'type' in attributes);
    await start(module);
    return module;
  };
  const compile = (text: string, path: string): vm.Module =>
    new vm.SourceTextModule(text, {
      context,
      identifier: path,
      initializeImportMeta: () => undefined,
      importModuleDynamically: ((specifier: string, _: unknown, attributes: object) =>
        importDynamically(specifier, path, attributes)) as never,
    });
  const start = async (module: vm.Module): Promise<void> => {
    // Node's modules cannot be asked for while somebody else brings them there.
    for (let turn = 0; turn < TURNS && /^(linking|evaluating)$/.test(module.status); turn++) await nextTurn();
    if (module.status === 'unlinked') {
      await module.link((specifier, from, { attributes }) =>
        importModule(specifier, from.identifier, 'type' in attributes),
      );
    }
    await module.evaluate();
  };
  return {
    context,
    run: (text, file) =>
      new vm.Script(text, {
        filename: file,
        importModuleDynamically: ((specifier: string, _: unknown, attributes: object) =>
          importDynamically(specifier, file, attributes)) as never,
      }).runInContext(context),
    runModule: async (text, file) => {
      const module = compile(text, file);
      modules.set(file, Promise.resolve(module));
      await start(module);
    },
  };
}

/** Evaluates a file of the harness. */
export function include(realm: Realm, file: string): void {
  evaluate(realm.context, readFileSync(file, 'utf8'), file);
}

function hide(holder: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, configurable: true, enumerable: false });
}

function evaluateHooks(context: vm.Context, text: string): Hooks {
  const module = { exports: {} };
  const wrapper = evaluate(
    context,
    `(function(require,module,exports,process,Buffer,setTimeout,clearTimeout,setImmediate,performance){${text}\n})`,
    'hooks.cjs',
  ) as (...args: unknown[]) => void;
  const { setTimeout: later, clearTimeout: never } = globalThis;
  wrapper(require, module, module.exports, process, Buffer, later, never, setImmediate, performance);
  return module.exports;
}

async function runtimeModule(hooks: Hooks, context: vm.Context): Promise<vm.Module> {
  const names = Object.keys(hooks);
  const module = new vm.SyntheticModule(
    names,
    () => {
      for (const name of names) module.setExport(name, hooks[name]);
    },
    { context, identifier: RUNTIME },
  );
  return module;
}

function jsonModule(text: string, context: vm.Context): vm.Module {
  const value: unknown = vm.runInContext(`JSON.parse(${JSON.stringify(text)})`, context);
  const module = new vm.SyntheticModule(['default'], () => module.setExport('default', value), { context });
  return module;
}

/** `$262`, as far as Node has it: no agents. */
function host(context: vm.Context, global: object, options: RealmOptions): object {
  return {
    global,
    gc: () => undefined,
    evalScript: (text: string) => vm.runInContext(text, context),
    detachArrayBuffer: (buffer: ArrayBuffer) => void structuredClone(buffer, { transfer: [buffer] }),
    createRealm: () => (createRealm(options).context as { $262: unknown }).$262,
  };
}
