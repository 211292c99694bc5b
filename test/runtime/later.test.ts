import { setImmediate as macrotask } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLater } from '../../runtime/later.ts';

function busy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

it('runs tasks in later macrotasks, in order, whatever they throw', async () => {
  const done: unknown[] = [];
  const later = createLater((error) => done.push(error));
  later(() => done.push(1));
  later(() => {
    throw 'oops';
  });
  later(() => {
    done.push(2);
    later(() => done.push(3));
  });
  await Promise.resolve();
  expect(done).toEqual([]);
  await macrotask();
  await macrotask();
  expect(done).toEqual([1, 'oops', 2, 3]);
});

it('lets others come first after a slice, unless tasks pile up', async () => {
  for (const [tasks, inTime] of [
    [20, false],
    [400, true],
  ] as const) {
    let done = 0;
    const later = createLater(() => {});
    for (let task = 0; task < tasks; task++) {
      later(() => {
        busy(1);
        done++;
      });
    }
    await macrotask();
    expect(done).toBeGreaterThan(0);
    expect(done < tasks).toBe(true);
    expect(done > 100).toBe(inTime);
    while (Number(done) < tasks) await macrotask();
  }
});
