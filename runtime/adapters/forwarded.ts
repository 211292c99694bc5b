/** What headers may say of the URL that a request was sent to: a proxy can be told anything by anybody. */

export const PROTOCOL: RegExp = /^https?$/i;

/** Clients of a socket in the file system send its path. */
export const HOST: RegExp = /^[\w.:[\]-]+$/;
