/**
 * Measures one subject: windows with it and without, in turn, in one fresh process. Prints nanoseconds per call, as JSON.
 *
 *     node child.mjs <subject>
 */
import { bare, observed, type Work } from './functions.ts';
import { median } from '../figures.ts';
import { subjects } from './subjects.ts';

const WINDOW_MS = 8;
const WARM_UP = 40;
const ROUNDS = 40;
/** Calls and breadcrumbs of one request. The ring has room for 50. */
const PER_REQUEST = 80;

const subject = await subjects[process.argv[2] ?? '']?.();
if (subject === undefined) throw new Error(`There are: ${Object.keys(subjects).join(', ')}`);
let sink = 0;
const ready = [Promise.resolve(0), Promise.resolve(1)];

/** Nanoseconds per call of so many calls, spread over all copies. */
async function window(works: readonly Work[], calls: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let done = 0; done < calls; done += PER_REQUEST) {
    sink += await subject!.inRequest(async () => {
      let sum = 0;
      for (let index = 0; index < PER_REQUEST; index++) {
        sum += await (works[(done + index) % works.length] as Work)(done + index);
      }
      return sum;
    });
  }
  return Number(process.hrtime.bigint() - start) / calls;
}

/** What the subject adds to a call, as the difference of medians over windows in turn. */
async function compare(without: readonly Work[], withIt: readonly Work[]): Promise<number> {
  const lengths = new Map<readonly Work[], number>();
  for (const works of [without, withIt]) {
    await window(works, 4000);
    const calls = (WINDOW_MS * 1e6) / (await window(works, 4000));
    lengths.set(works, Math.ceil(calls / PER_REQUEST) * PER_REQUEST);
  }
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [index, works] of [without, withIt].entries()) {
      const time = await window(works, lengths.get(works) as number);
      if (round >= WARM_UP) times[index]?.push(time);
    }
  }
  return median(times[1]) - median(times[0]);
}

const result: Record<string, number> = {};
for (const [kind, works] of Object.entries(bare)) {
  const own = subject.observed ? (observed[kind] ?? []) : works;
  result[kind] = await compare(
    works,
    own.map((work, index) => subject.wrap(work, `${kind} ${index}`)),
  );
}
for (const kind of ['breadcrumb', 'breadcrumbWithData'] as const) {
  const leave = subject[kind];
  if (leave === undefined) continue;
  // Within a function, so that both are called in the same way, and the value is used.
  const without = (id: number): Promise<number> => ready[id & 1] as Promise<number>;
  const withIt = (id: number): Promise<number> => {
    leave(id);
    return ready[id & 1] as Promise<number>;
  };
  result[kind] = await compare([without], [withIt]);
}
console.info(JSON.stringify(result));
if (sink === 0) throw new Error('Nothing was computed');
process.exit();
