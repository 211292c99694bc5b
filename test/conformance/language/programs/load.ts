/** Loads the modules of a program, as CommonJS or as ES modules of Node's, in the realm of the process. */
import { createRequire } from 'node:module';
import * as vm from 'node:vm';
import type { Module } from './modules.ts';

const nodeRequire = createRequire(import.meta.url);

/** What the instrumented modules import. */
export type Hooks = Record<string, unknown>;

/** @returns by module, its exports as far as there are any, or what it threw */
export type Loaded = readonly { file: string; exports: object | undefined; error: unknown }[];

const isHooks = (specifier: string): boolean => specifier === 'unplugin-replaystack/runtime';

export function loadCommonJs(modules: readonly Module[], hooks: Hooks, begin: () => void): Loaded {
  begin();
  const cache = new Map<string, { exports: object }>();
  const load = (specifier: string): object => {
    if (isHooks(specifier)) return hooks;
    const file = specifier.replace('./', '');
    const known = cache.get(file);
    if (known !== undefined) return known.exports;
    const found = modules.find((module) => module.file === file);
    if (found === undefined) return nodeRequire(specifier) as object;
    const module = { exports: {} };
    cache.set(file, module);
    vm.compileFunction(found.code, ['exports', 'require', 'module'], { filename: file }).call(
      module.exports,
      module.exports,
      load,
      module,
    );
    return module.exports;
  };
  return modules.map(({ file }) => {
    let error: unknown;
    try {
      load(file);
    } catch (thrown) {
      error = thrown;
    }
    return { file, exports: cache.get(file)?.exports, error };
  });
}

/** @param begin called when they are linked, and none has been evaluated */
export async function loadModules(
  modules: readonly Module[],
  hooks: Hooks,
  begin: () => void,
): Promise<Loaded> {
  const cache = new Map<string, vm.Module>();
  const find = (specifier: string): vm.Module => {
    const file = isHooks(specifier) ? specifier : specifier.replace('./', '');
    const known = cache.get(file);
    if (known !== undefined) return known;
    const module = isHooks(file) ? hooksModule(hooks) : compile(file);
    cache.set(file, module);
    return module;
  };
  const ready = async (module: vm.Module): Promise<vm.Module> => {
    await module.evaluate();
    return module;
  };
  const compile = (file: string): vm.Module => {
    const found = modules.find((module) => module.file === file);
    return new vm.SourceTextModule(found?.code ?? '', {
      identifier: file,
      importModuleDynamically: ((specifier: string) => ready(find(specifier))) as never,
    });
  };
  const roots = modules.map(({ file }) => ({ file, ...attempt(() => find(file)) }));
  // Linking is the host's, and takes more steps the more modules there are.
  for (const { module } of roots) {
    if (module?.status === 'unlinked') await module.link(find).catch(() => undefined);
  }
  begin();
  const loaded: { file: string; exports: object | undefined; error: unknown }[] = [];
  for (const { file, module, error } of roots) {
    if (module === undefined) loaded.push({ file, exports: undefined, error });
    else {
      try {
        loaded.push({ file, exports: (await ready(module)).namespace, error: undefined });
      } catch (thrown) {
        loaded.push({ file, exports: undefined, error: thrown });
      }
    }
  }
  return loaded;
}

/** What cannot be parsed, throws. */
function attempt(find: () => vm.Module): { module: vm.Module | undefined; error: unknown } {
  try {
    return { module: find(), error: undefined };
  } catch (error) {
    return { module: undefined, error };
  }
}

function hooksModule(hooks: Hooks): vm.Module {
  const names = Object.keys(hooks);
  const module = new vm.SyntheticModule(names, () => {
    for (const name of names) module.setExport(name, hooks[name]);
  });
  return module;
}
