import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createOwner, isSegmentName } from '../../../../runtime/delivery/spool/owner.ts';

const owner = createOwner('key');
const name = owner.nameOf();
const FIELDS = ['begun', 'key', 'place', 'process', 'start', 'rest'];

/** The name of a segment like ours but for some of what is said in it. */
function nameWith(changes: Record<string, string | number>): string {
  const parts = name.split('-');
  return parts.map((part, index) => String(changes[FIELDS[index] ?? ''] ?? part)).join('-');
}

const now = (): number => Date.now();
const longAgo = (): number => Date.now() - 5 * 60_000;
/** A process that has ended. */
const { pid: ended } = spawnSync(process.execPath, ['-e', '']);

describe('the name of a segment', () => {
  it('is one', () => {
    expect(isSegmentName(name)).toBe(true);
    expect(isSegmentName('notes.txt')).toBe(false);
    expect(isSegmentName('a.spool')).toBe(false);
  });

  it('sorts by the time it was begun, also after it was taken over', () => {
    const names = Array.from({ length: 50 }, () => owner.nameOf());
    expect(names.toSorted()).toEqual(names);
    const taken = createOwner('key').nameOf(names[10]);
    expect([...names.slice(0, 10), taken, ...names.slice(11)].sort().indexOf(taken)).toBe(10);
  });

  it('tells whose API key its events are for, and does not tell the key', () => {
    expect(owner.isForUs(name)).toBe(true);
    expect(createOwner('another').isForUs(name)).toBe(false);
    expect(createOwner('rs_live_secret').nameOf()).not.toContain('secret');
  });
});

describe('an owner', () => {
  it('is there while it shows itself', () => {
    expect(owner.isOrphan(name, now())).toBe(false);
    expect(owner.isOrphan(name, longAgo())).toBe(true);
  });

  it('is gone at once when its process is, and needs no time to be missed', () => {
    expect(owner.isOrphan(nameWith({ process: ended }), now())).toBe(true);
  });

  it('is not another process that has its number now, where it can be told when that was started', () => {
    expect(owner.isOrphan(nameWith({ start: 1 }), now())).toBe(existsSync('/proc/self/stat'));
    expect(owner.isOrphan(nameWith({ start: 1 }), longAgo())).toBe(true);
  });

  it('of another machine or container is there while it shows itself', () => {
    const elsewhere = nameWith({ place: '00000000', process: ended });
    expect(owner.isOrphan(elsewhere, now())).toBe(false);
    expect(owner.isOrphan(elsewhere, longAgo())).toBe(true);
  });

  it('has left when it says so', () => {
    expect(owner.isOrphan(name, 0)).toBe(true);
  });
});
