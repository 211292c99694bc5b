/** The transform by itself: CPU time for each megabyte of modules with targets, and how it grows with the project. */
import { createRandom, withTargets } from './modules.ts';
import { recognisers } from '../../src/transform/frameworks/index.ts';
import { transformModule } from '../../src/transform/index.ts';
import { jobs } from '../../src/transform/jobs/index.ts';
import { createPrefilter } from '../../src/transform/prefilter.ts';

export interface TransformCost {
  name: string;
  megabytes: number;
  /** CPU milliseconds for a megabyte, of each run. */
  perMegabyte: number[];
}

const known = { recognisers, jobs, conventions: [] };

const options = {
  ...known,
  prefilter: createPrefilter(known),
  functions: { methods: true, captureArguments: true },
};

/** Modules of so many megabytes in all, each of them with targets. */
function modules(megabytes: number): string[] {
  const random = createRandom(1);
  const texts: string[] = [];
  for (let size = 0, index = 0; size < megabytes * 1e6; index++) {
    const kind = withTargets[index % withTargets.length] as (typeof withTargets)[number];
    const text = kind({ random, subject: `Invoice${index}`, neighbour: 'Neighbour' });
    texts.push(`type Neighbour = { id: string };\n${text}`);
    size += text.length;
  }
  return texts;
}

async function measure(name: string, megabytes: number, runs: number): Promise<TransformCost> {
  const texts = modules(megabytes);
  const perMegabyte: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    for (const [index, text] of texts.entries()) {
      await transformModule(text, `/project/src/${index}.ts`, `src/${index}.ts`, options);
    }
    const { user, system } = process.cpuUsage(before);
    perMegabyte.push((user + system) / 1000 / megabytes);
  }
  return { name, megabytes, perMegabyte };
}

/** The first run of a process, and those after it. */
export async function measureTransform(): Promise<TransformCost[]> {
  const first = await measure('first, with the parser yet to be loaded and compiled', 2, 1);
  return [first, await measure('then', 2, 5)];
}

export async function measureGrowth(): Promise<TransformCost[]> {
  const costs: TransformCost[] = [];
  for (const [megabytes, runs] of [
    [0.6, 5],
    [6, 2],
    [60, 1],
  ] as const) {
    costs.push(await measure(`${megabytes} MB`, megabytes, runs));
  }
  return costs;
}
