/** What bundlers call a module: its file, and perhaps a query. */

/** The file of a module. A `#` is part of a path, unless it stands behind the extension of a script. */
export function fileOfModule(id: string): string {
  return id.replace(/(\.[cm]?[jt]sx?)[?#].*$/s, '$1').replace(/\?.*$/s, '');
}

/**
 * A file as frames have it, which know of a map's sources only how far up they are from where the bundle is.
 *
 * @param file relative to the project's root, with POSIX slashes
 */
export function siteOf(file: string): string {
  return file.replace(/^(?:\.\.\/)+/, '');
}
