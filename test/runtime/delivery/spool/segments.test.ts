import fs, { writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { openDirectory } from '../../../../runtime/delivery/spool/directory.ts';
import { encode } from '../../../../runtime/delivery/spool/record.ts';
import { createSegments } from '../../../../runtime/delivery/spool/segments.ts';
import { spoolDirectory } from '../../../support/spool.ts';

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

it('what is written to a file while another process takes it over is written once more, since that may not have seen it', () => {
  using parent = spoolDirectory();
  const directory = openDirectory(parent.path, 'k');
  const heir = openDirectory(parent.path, 'k');
  const segments = createSegments(
    directory,
    1e6,
    () => {},
    () => {},
  );
  const segment = segments.toWrite(10);
  let seen: number | undefined;
  // It is open by then.
  const write = vi.spyOn(fs, 'writeSync').mockImplementationOnce((file, record) => {
    seen = heir.read(heir.claim(segment.path) ?? '').events.size;
    return fs.writeSync(file, record as never);
  });
  expect(() => segments.append(segment, encode('{"event":1}'))).toThrow('ENOENT');
  write.mockRestore();
  expect(seen).toBe(0);
  expect(segment.takenOver).toBe(true);
  expect(segments.toWrite(10)).not.toBe(segment);
});
