/** What is tried: all that the plugin knows, wherever it is found. */
import { conventions } from '../../../src/transform/conventions/index.ts';
import { next } from '../../../src/transform/conventions/next.ts';
import { recognisers } from '../../../src/transform/frameworks/index.ts';
import type { TransformOptions } from '../../../src/transform/index.ts';
import { jobs } from '../../../src/transform/jobs/index.ts';
import { createPrefilter } from '../../../src/transform/prefilter.ts';

const known = { recognisers, jobs, conventions: [...conventions, next] };

/** As a build has it that asks for everything. */
export const everything: TransformOptions = {
  ...known,
  prefilter: createPrefilter(known),
  functions: { methods: true, captureArguments: true },
};

/** Looks into what the prefilter holds back, too. */
export const unfiltered: TransformOptions = {
  ...everything,
  prefilter: {
    patterns: [],
    mayHoldTargets: () => true,
    mayRegister: () => true,
    mayRegisterJobs: () => true,
  },
};
