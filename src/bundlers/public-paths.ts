/** Files that a server hands out as they are: requests for these are none of the application's. */
import { existsSync, readdirSync } from 'node:fs';
import { posix, relative, resolve } from 'node:path';

/** A folder of them, as Nitro has it. */
export interface PublicAssets {
  baseURL?: string;
  dir: string;
  /** Whether what is not there is asked of the application. */
  fallthrough?: boolean;
}

/** A page that was rendered in advance, and its file, both without the base of the server. */
export interface RenderedPage {
  route: string;
  fileName?: string;
}

/** All paths by which Nitro hands out its pages. */
export function pagePaths(pages: readonly RenderedPage[], root = '/'): string[] {
  return pages.flatMap(({ route, fileName = route }) => {
    const path = posix.join('/', root, route).replace(/(?<=.)\/$/, '');
    return [path, `${path}/`, posix.join('/', root, fileName)].map((one) => encodeURI(one));
  });
}

/** Their paths; `prefix*` stands for all below a path at which the application is never asked. */
export function publicPaths(assets: readonly PublicAssets[], root = '/'): string[] {
  return assets.flatMap(({ baseURL = '/', dir, fallthrough = true }) => {
    const base = posix.join('/', root, baseURL, '/');
    if (!fallthrough && posix.join(baseURL, '/') !== '/') return [`${base}*`];
    if (!existsSync(dir)) return [];
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(dir, resolve(parentPath, name)).replaceAll('\\', '/'))
      .map((path) => encodeURI(base + path));
  });
}
