/** What bundlers call a module: its file, and perhaps a query. */

/** The file of a module. A `#` is part of a path, unless it stands behind the extension of a script. */
export function fileOfModule(id: string): string {
  return id.replace(/(\.[cm]?[jt]sx?)[?#].*$/s, '$1').replace(/\?.*$/s, '');
}
