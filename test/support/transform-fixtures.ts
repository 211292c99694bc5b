/**
 * The fixtures of the transform: directories with an `input.<ext>`, the `output.<ext>` that it becomes, and often a `run.ts`
 * that says what to do with the module. See transform-runner.ts for how they are executed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conventions } from '../../src/transform/conventions/index.ts';
import { recognisers } from '../../src/transform/frameworks/index.ts';
import type { TransformOptions, TransformResult } from '../../src/transform/index.ts';
import { transformModule } from '../../src/transform/index.ts';
import { jobs } from '../../src/transform/jobs/index.ts';
import { createPrefilter } from '../../src/transform/prefilter.ts';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

const known = { recognisers, jobs, conventions };

/** What the plugin passes when nobody says otherwise. */
export const defaults: TransformOptions = {
  ...known,
  prefilter: createPrefilter(known),
  functions: { methods: true, captureArguments: true },
};

export interface Fixture {
  /** `transform/functions/arrow-with-an-expression-body`. */
  name: string;
  directory: string;
  /** `.ts`. */
  extension: string;
  input: string;
  /** Undefined as long as nobody has written it. */
  output: string | undefined;
  /** How the module is loaded: as what its extension or its text says. */
  kind: 'esm' | 'cjs';
}

/** All fixtures under these folders of `fixtures/`, however deep. */
export function findFixtures(...folders: string[]): Fixture[] {
  return folders.flatMap((folder) => {
    const base = join(root, 'fixtures', folder);
    const files = readdirSync(base, { recursive: true, encoding: 'utf8' }).sort();
    return files
      .filter((file) => /(^|\/)input\.\w+$/.test(file))
      .map((file) => readFixture(join(base, file)));
  });
}

function readFixture(file: string): Fixture {
  const directory = dirname(file);
  const extension = extname(file);
  const outputFile = join(directory, `output${extension}`);
  const input = readFileSync(file, 'utf8');
  return {
    name: relative(join(root, 'fixtures'), directory),
    directory,
    extension,
    input,
    output: existsSync(outputFile) ? readFileSync(outputFile, 'utf8') : undefined,
    kind: kindOf(input, extension),
  };
}

function kindOf(text: string, extension: string): 'esm' | 'cjs' {
  if (extension.startsWith('.m')) return 'esm';
  if (extension.startsWith('.c') || /^export =/m.test(text)) return 'cjs';
  return /^\W*(import|export)\b(?! \w+ = require)/m.test(text) ? 'esm' : 'cjs';
}

/** Transforms text as if it were a file of a project. */
export function transform(
  code: string,
  file = 'input.ts',
  options: Partial<TransformOptions> = {},
): Promise<TransformResult | undefined> {
  const all = { ...defaults, ...options };
  return transformModule(code, `/project/${file}`, file, { ...all, prefilter: createPrefilter(all) });
}
