/** Whose a segment is. Its name says so, and a segment is taken over by renaming it: of several who try, one succeeds. */

/** A segment whose owner has not touched it for so long is nobody's. */
const LEASE_MS = 60_000;

/** When it was begun, whom its events are for, and of its owner: the place, the process, the start of that; then anything. */
const NAME = /^(\w+)-(\w+)-(\w+)-(\d+)-(\d*)-\w+\.spool$/;

export interface Owner {
  /** A new name for a segment of ours. Names sort by the time of the first event, also after a segment was taken over. */
  nameOf(old?: string): string;
  /** Whether it has events that our API key is for. */
  isForUs(name: string): boolean;
  /** Whether the owner is gone, as far as can be told. */
  isOrphan(name: string, touchedMs: number): boolean;
}

export function isSegmentName(name: string): boolean {
  return NAME.test(name);
}

/** The owner that this process is, for events that go out with this API key. */
export function createOwner(apiKey: string): Owner {
  const key = digest(apiKey);
  const place = digest(describePlace());
  const me = `${key}-${place}-${process.pid}-${startOf(process.pid) ?? ''}`;
  let latest = 0;
  return {
    nameOf(old) {
      const begun = old?.split('-')[0] ?? (latest = Math.max(latest + 1, Date.now())).toString(36);
      return `${begun}-${me}-${crypto.randomUUID().slice(0, 8)}.spool`;
    },
    isForUs: (name) => NAME.exec(name)?.[2] === key,
    isOrphan(name, touchedMs) {
      const [, , , itsPlace, pid, itsStart] = NAME.exec(name) ?? [];
      if (itsPlace === place) {
        const start = startOf(Number(pid));
        if (start === undefined || (start && itsStart && start !== itsStart)) return true;
      }
      // A process of another machine or container, a thread that ended, or a number that is in use again.
      return Math.abs(Date.now() - touchedMs) > LEASE_MS;
    },
  };
}

/** What processes must have in common to know each other by number: one start of one machine, and one container. */
function describePlace(): string {
  const { readFileSync, readlinkSync } = process.getBuiltinModule('node:fs');
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1') + readlinkSync('/proc/self/ns/pid');
  } catch {
    return process.getBuiltinModule('node:os').hostname();
  }
}

/** When a process was started, in a unit of the system's own; '' where that is not told, undefined if there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program may contain anything; after it, the start is the twentieth field.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    }
    return '';
  }
}

/** Enough to tell a few apart, and too little to tell a key. */
function digest(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 8);
}
