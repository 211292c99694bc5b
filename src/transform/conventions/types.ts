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
  /**
   * `hook(name, route, value)` is written around what is exported; into a function that is declared, around all that is in it,
   * `hook(name, route, () => { … }, arguments)`.
   */
  hook: string;
  /** The module is of the framework's own making, and its functions are not the application's. */
  internal?: boolean;
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
