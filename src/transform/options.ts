/** What a transform is told. */
import type { Convention } from './conventions/types.ts';
import type { Recogniser } from './frameworks/types.ts';
import type { JobRecogniser } from './jobs/types.ts';
import type { Plan } from './planned.ts';
import type { Prefilter } from './prefilter.ts';

/** What the transform is to do. */
export interface TransformOptions {
  recognisers: readonly Recogniser[];
  jobs: readonly JobRecogniser[];
  conventions: readonly Convention[];
  /** Of all these. */
  prefilter: Prefilter;
  /** What the project declares as packages; undefined where that is not known. What it imports by other names is its own. */
  packages?: ReadonlySet<string> | undefined;
  /** Observe exported async functions; `methods`, those of classes and objects too. */
  functions: false | { methods: boolean; captureArguments: boolean };
  /** Is shown what was planned for a module, and why; of no use to a build. */
  inspect?(plan: Plan): void;
}
