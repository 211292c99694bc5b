/** What a module exports and imports, as the lexers of Node and of bundlers see it. */
import { isDeepStrictEqual } from 'node:util';
import { parse as lexCommonJs } from 'cjs-module-lexer';
import { initSync, parse as lexModule } from 'es-module-lexer';
import type { EcmaScriptModule } from 'oxc-parser';
import type { Reading } from './reading.ts';
import { isPlain } from './reading.ts';

initSync();

/** A text, and how oxc reads it if it does. */
export interface Text {
  code: string;
  reading: Reading | undefined;
}

const LEXERS: Readonly<Record<string, (text: Text) => unknown>> = {
  oxc: ({ reading }) => reading && record(reading.result.module),
  'es-module-lexer': ({ code }) => lexed(code),
  'cjs-module-lexer': ({ code }) => {
    const { exports, reexports } = lexCommonJs(code);
    return [[...new Set(exports)], [...new Set(reexports)]];
  },
};

/** What differs, apart from what we import; undefined if nothing does. */
export function exportsDifference(input: Text, output: Text, file: string): string | undefined {
  for (const [name, list] of Object.entries(LEXERS)) {
    if (name !== 'oxc' && !isPlain(file)) continue;
    const before = attempt(list, input);
    if (before === undefined) continue;
    const after = attempt(list, output);
    if (!isDeepStrictEqual(before, after)) return `${name}: ${brief(before)} is now ${brief(after)}`;
  }
  return undefined;
}

/** Undefined for what the lexer does not take, which is another kind of module or no module at all. */
function attempt(list: (text: Text) => unknown, text: Text): unknown {
  try {
    return list(text);
  } catch {
    return undefined;
  }
}

function lexed(code: string): unknown {
  const [imports, exports] = lexModule(code);
  return [imports.map(({ n }) => n).filter(isTheirs), exports.map(({ n, ln }) => [n, ln])];
}

function record({ staticImports, staticExports, dynamicImports }: EcmaScriptModule): unknown {
  const imports = staticImports
    .filter(({ moduleRequest }) => isTheirs(moduleRequest.value))
    .map(({ moduleRequest, entries }) => [
      moduleRequest.value,
      ...entries.map(({ importName, localName }) => [importName.kind, importName.name, localName.value]),
    ]);
  const exports = staticExports.flatMap(({ entries }) =>
    entries.map(({ moduleRequest, importName, exportName, localName }) => [
      moduleRequest?.value,
      importName.name,
      exportName.name,
      localName.name,
    ]),
  );
  return [imports, exports, dynamicImports.length];
}

function isTheirs(source: string | undefined): boolean {
  return !source?.startsWith('unplugin-replaystack/');
}

function brief(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 300);
}
