/** The version of this package, put in when it is built. */
declare const __REPLAYSTACK_VERSION__: string | undefined;

export const VERSION: string =
  typeof __REPLAYSTACK_VERSION__ === 'undefined' ? '0.0.0-dev' : __REPLAYSTACK_VERSION__;
