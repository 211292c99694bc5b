/** Work that waits: in the background and on the spot it comes to the same. */
import { describe, expect, it } from 'vitest';
import { mapStack, mapStackSync } from '../../../runtime/stack/node-map.ts';
import { runLater, runNow, wait, type Work } from '../../../runtime/stack/steps.ts';
import { compile, frameAt, mapAt, MAPPED, nameIn, useDeployment } from './deployment.ts';

function answer<T>(value: T): Work<T> {
  return wait(
    async () => value,
    () => value,
  );
}

function refuse(): Work<never> {
  return wait<never>(
    () => Promise.reject(new Error('refused')),
    () => {
      throw new Error('refused');
    },
  );
}

function* work(): Work<string> {
  const parts: string[] = [yield* answer('a')];
  try {
    yield* refuse();
  } catch (error) {
    parts.push((error as Error).message);
  }
  parts.push(yield* answer('b'));
  return parts.join(' ');
}

describe('work', () => {
  it('goes on with what it waited for, or catches it', async () => {
    expect(runNow(work())).toBe('a refused b');
    expect(await runLater(work())).toBe('a refused b');
  });

  it('fails as what it waited for fails', async () => {
    expect(() => runNow(refuse())).toThrow('refused');
    await expect(runLater(refuse())).rejects.toThrow('refused');
  });
});

describe('a stack that is mapped on the spot', () => {
  const { path, write } = useDeployment();

  it('is the one that is mapped in the background, whose cache it shares', async () => {
    const { code, map } = compile();
    write('dist/server.js.map', JSON.stringify(map));
    const frame = frameAt(write('dist/server.js', code), 'new RangeError', nameIn(code));
    const now = mapStackSync([frame]);
    expect(now.frames[0]?.fileName).toBe('src/charge.ts');
    expect(await mapStack([frame])).toEqual(now);
    expect(await mapAt(path('dist/server.js'))).toEqual(MAPPED);
  });

  it('stays raw where there is no map, or none that can be read so quickly', () => {
    const { code, map } = compile();
    const frame = frameAt(write('dist/server.js', code), 'new RangeError', nameIn(code));
    expect(mapStackSync([frame]).frames).toEqual([frame]);
    const huge = { ...map, sourcesContent: ['x'.repeat(11_000_000)] };
    write('dist/large.js.map', JSON.stringify(huge));
    const far = frameAt(write('dist/large.js', code), 'new RangeError', nameIn(code));
    expect(mapStackSync([far]).frames).toEqual([far]);
  });
});
