/** The output is read by what reads the input: oxc, and of plain JavaScript the engine itself. */
import { Script, SourceTextModule } from 'node:vm';
import type { Reading } from './reading.ts';
import { isPlain } from './reading.ts';

/**
 * What is wrong with the output; undefined if nothing is.
 *
 * @param reading how oxc reads the output, if it reads the input
 */
export function syntaxError(
  input: string,
  output: string,
  file: string,
  reading: Reading | undefined,
): string | undefined {
  const [error] = reading?.result.errors ?? [];
  if (error !== undefined) return `oxc: ${error.codeframe ?? error.message}`;
  if (!isPlain(file)) return undefined;
  const compile = [compileModule, compileCommonJs].find((one) => one(input) === undefined);
  const refused = compile?.(output);
  return refused === undefined ? undefined : `V8: ${refused}`;
}

/** The messages of the engine, which looks for all that the language calls an early error. */
function compileModule(code: string): string | undefined {
  return messageOf(() => new SourceTextModule(code));
}

function compileCommonJs(code: string): string | undefined {
  const body = code.replace(/^\uFEFF?#!.*/, '');
  return messageOf(
    () => new Script(`(function (exports, require, module, __filename, __dirname) { ${body}\n})`),
  );
}

function messageOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
