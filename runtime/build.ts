/**
 * What the build knew of the program. This is the empty one, for applications that use the runtime by hand and are not
 * bundled; the plugin replaces the module's text in a build (src/build-module.ts).
 */
import type { BuildInfo } from './protocol.ts';

export const build: BuildInfo = { release: {}, captureErrors: true, guards: true };
