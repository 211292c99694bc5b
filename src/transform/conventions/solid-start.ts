/**
 * SolidStart: each request, of a page, an API route or a server function, and the middleware in front of it, goes through a module
 * that Vinxi makes up; another one has the routes. What server functions are made with is in SolidStart's own package.
 */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention, Entry } from './types.ts';

/** @param file matches the module, and has in its first group what there is to say of it */
function internalEntry(file: RegExp, names: RegExp, hook: string): Entry {
  const route: Entry['route'] = (path) => {
    const match = file.exec(path);
    return match ? (match[1] ?? '') : undefined;
  };
  return { route, names, hook, internal: true };
}

export const solidStart: Convention = {
  name: 'solid-start',
  hint: /\bimport handler from\b|\?pick=|\bcreateServerReference\b/,
  entries: [
    internalEntry(/virtual:\$vinxi\/handler\/([\w-]+)$/, /^default$/, 'solidStartHandler'),
    internalEntry(/(?:^|\/)vinxi\/routes$/, /^default$/, 'solidStartRoutes'),
    internalEntry(
      /@solidjs\/start\/dist\/runtime\/server-fns-runtime\.js$/,
      /^createServerReference$/,
      'solidStartReference',
    ),
  ],
  from: RUNTIME_MODULE,
};
