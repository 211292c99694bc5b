import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openDirectory } from '../../../runtime/spool/directory.ts';
import { encode } from '../../../runtime/spool/record.ts';
import { createSegments } from '../../../runtime/spool/segments.ts';
import { spoolDirectory } from '../../support/spool.ts';

it('no event follows a record that was torn, since nobody knows where it would stand', () => {
  using parent = spoolDirectory();
  const directory = openDirectory(parent.path, 'k');
  let tears = false;
  const append = (path: string, record: Buffer): void => {
    if (!tears) return directory.append(path, record);
    writeFileSync(path, record.subarray(0, 25), { flag: 'a' });
    throw new Error('torn');
  };
  const segments = createSegments(
    { ...directory, append },
    1e6,
    () => {},
    () => {},
  );
  const write = (json: string): string => {
    const segment = segments.toWrite(json.length);
    segment.left.set(segments.append(segment, encode(json)), 1);
    return segment.path;
  };
  const first = write('{"event":1}');
  tears = true;
  expect(() => write('{"event":2}')).toThrow('torn');
  tears = false;
  const second = write('{"event":3}');
  expect(second).not.toBe(first);
  // What became of the events in the torn one can still be noted.
  const [torn] = segments.list();
  if (torn) segments.append(torn, encode('["done",0]'));
  expect(directory.read(first).events.size).toBe(0);
  expect([...directory.read(second).events.values()]).toEqual([{ json: '{"event":3}', doubtful: false }]);
});
