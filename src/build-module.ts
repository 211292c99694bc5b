/** The module by which the build hands to the runtime what it knows: `unplugin-replaystack/runtime/build`, filled in. */
import { dirname, isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_MODULE, NEXT_MODULE, RUNTIME_MODULE } from '../runtime/protocol.ts';
import type { BuildInfo } from '../runtime/protocol.ts';
import { emptySlot } from './release/slot.ts';

/** Which of the runtime's flavours goes into the bundle: only the one for Node may reach Node's modules. */
export type Flavour = 'node' | 'edge';

/** Matches what injected code and the runtime import of ours. */
export const OUR_MODULES: RegExp = /^unplugin-replaystack\/runtime(?:\/(?:build|next))?$/;

// Beside the file that this source is built into.
const distribution = new URL('./runtime/', import.meta.url);

/** The file of {@link BUILD_MODULE}, whose text the plugin replaces. */
export const buildModuleFile: string = fileURLToPath(new URL('build.js', distribution));

/** The file that one of our modules is in, wherever the importing file lies and whatever it could itself resolve. */
export function resolveOurModule(id: string, flavour: Flavour): string | undefined {
  if (id === BUILD_MODULE) return buildModuleFile;
  if (id === NEXT_MODULE) return fileURLToPath(new URL('next.js', distribution));
  return id === RUNTIME_MODULE ? fileURLToPath(new URL(`${flavour}.js`, distribution)) : undefined;
}

/**
 * The text of {@link BUILD_MODULE}.
 *
 * @param info what to write down
 * @param slot whether the place of the release is left open until the chunks are finished; a server that runs modules as
 *   they are has no such moment
 * @param optionsFile absolute path of the user's module with options for the running application
 */
export function buildModule(info: BuildInfo, slot: boolean, optionsFile?: string): string {
  const { release, ...rest } = info;
  const lines: string[] = [];
  const fields = Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  if (slot) {
    lines.push(
      'const read = (text) => { try { return JSON.parse(decodeURIComponent(text[0])); } catch { return {}; } };',
    );
    // The tag keeps minifiers from computing with the text before the slot is filled.
    fields.unshift(`release: read\`${emptySlot(release)}\``);
  } else fields.unshift(`release: ${JSON.stringify(release)}`);
  if (optionsFile !== undefined) {
    lines.push(`import options from ${JSON.stringify(specifierOf(optionsFile))};`);
    // That module imports the runtime, which imports this one: it may not have been evaluated yet. What TypeScript makes of
    // it for CommonJS has its default export one level down.
    fields.push('get options() { return options.default ?? options; }');
  }
  return [...lines, `export const build = { ${fields.join(', ')} };`, ''].join('\n');
}

/** A relative path, where there is one: some set-ups take all others for packages that are to stay outside. */
function specifierOf(file: string): string {
  const path = relative(dirname(buildModuleFile), file).replaceAll('\\', '/');
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`;
}

/** Whether an import is of one of our modules, by its name or as the file that it was resolved to. */
export function isOurModule(source: string): boolean {
  return OUR_MODULES.test(source) || source.startsWith(fileURLToPath(distribution));
}
