/** What is tried: all that the plugin knows, wherever it is found. */
import { conventions } from '../../../src/transform/conventions/index.ts';
import { next } from '../../../src/transform/conventions/next.ts';
import { recognisers } from '../../../src/transform/frameworks/index.ts';
import type { TransformOptions } from '../../../src/transform/index.ts';
import { jobs } from '../../../src/transform/jobs/index.ts';
import { anyOf } from '../../../src/transform/jobs/prefilter.ts';
import { createPrefilter } from '../../../src/transform/prefilter.ts';

const followed = [...conventions, next];

/** As a build has it that asks for everything. */
export const everything: TransformOptions = {
  recognisers,
  jobs,
  conventions: followed,
  prefilter: anyOf(createPrefilter(recognisers, followed), createPrefilter(jobs)),
  functions: { methods: true, captureArguments: true },
};

/** Looks into what the prefilter holds back, too. */
export const unfiltered: TransformOptions = {
  ...everything,
  prefilter: { patterns: [], mayHoldTargets: () => true, mayRegister: () => true },
};
