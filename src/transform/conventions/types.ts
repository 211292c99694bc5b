/** What a framework calls because of where it is and what it is called. */

/** Exports that are handlers, in the files that their framework looks for. */
export interface Entry {
  /**
   * The pattern of the route that a file is for, as the framework writes it: `/orders/[id]`. Empty where it is for no route of
   * its own; undefined for any other file.
   *
   * @param file relative to the project's root, with POSIX slashes
   */
  route(file: string): string | undefined;
  /** What the exports are called; `default` for the default export. */
  names: RegExp;
  /** The text of a module must match it as well. */
  evidence?: RegExp;
  /**
   * What values are written down as, if it is not all the same. In functions that are declared all takes some ticks longer, even
   * where the hook has nothing to do, and what a call returns may be a server's listener as well.
   */
  values?: 'functions' | 'calls';
  /** What the type of a variable must be called, as it is written. */
  typed?: RegExp;
  /** The handlers are members of what is exported: of an object that is written down with one that is called so. */
  members?: RegExp;
  /** The parameter that is a callback. In a function that is declared, nothing can take its place. */
  callback?: number;
  /**
   * `hook(name, route, value)` is written around what is exported; into a function that is declared, around all that is in it,
   * `hook(name, route, () => { … }, arguments)`.
   */
  hook: string;
  /** The module is of the framework's own making, and its functions are not the application's. */
  internal?: boolean;
}

/** A function of a platform's that is given handlers, as its last argument: `Deno.serve(handler)`, `http('name', handler)`. */
export interface Call {
  /** The package that exports the function, or the global object that has it. */
  of: { package: string } | { global: string };
  name: string;
  /** `hook(name, route, value)` is written around the argument; the route is the first one, if that is a text. */
  hook: string;
}

/** The conventions of a framework: the build knows its handlers by their files. */
export interface Convention {
  /** The name that the option `routes` takes. */
  name: string;
  /** It is followed where Vite has a plugin of this name; by default, wherever the convention is known. */
  vitePlugin?: string;
  /** Matches the text of every module that holds one of its handlers. */
  hint: RegExp;
  entries: readonly Entry[];
  calls?: readonly Call[];
  /**
   * The hook of functions that `'use server'` makes callable from the browser, with a list of what they are called with:
   * `hook(name, '', () => { … }, [first, second])`.
   */
  serverFunctions?: string;
  /** A hook that is called, `hook()`, when a module with one of the handlers is evaluated. */
  start?: string;
  /** The module that exports the hooks. */
  from: string;
}
