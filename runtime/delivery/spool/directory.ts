/** The files of a spool. They are never kept open: so a segment that was taken over is found missing. */
import { createOwner, isSegmentName } from './owner.ts';
import type { Contents } from './record.ts';
import { decode } from './record.ts';

export interface SegmentFile {
  path: string;
  bytes: number;
  /** Its owner is gone. */
  isOrphan: boolean;
  isForUs: boolean;
}

export interface Directory {
  /** The segments in it, oldest first. The directory is made if there is none. Throws. */
  list(): SegmentFile[];
  /** Makes an empty segment of ours, and gives its path. Throws. */
  create(): string;
  /** Adds to a segment, and never makes one. Throws, also if the segment has another name by then. */
  append(path: string, record: Buffer): void;
  /** Throws. */
  read(path: string): Contents;
  /** Takes an orphan over, and gives its new path; undefined if somebody was faster, or it is another user's. */
  claim(path: string): string | undefined;
  /** What cannot be removed has nothing in it that anybody waits for. */
  remove(path: string): void;
  /** Tells others when its owner was last seen, in milliseconds since the epoch; with 0, that it has none. */
  touch(path: string, ms: number): boolean;
  exists(): boolean;
}

/** @param directory resolved at once, since an application may change its own */
export function openDirectory(directory: string, apiKey: string): Directory {
  const fs = process.getBuiltinModule('node:fs');
  const { basename, join, resolve } = process.getBuiltinModule('node:path');
  const root = resolve(directory);
  const owner = createOwner(apiKey);
  const touch = (path: string, ms: number): boolean =>
    succeeds(() => fs.utimesSync(path, ms / 1000, ms / 1000));
  return {
    list() {
      fs.mkdirSync(root, { recursive: true, mode: 0o700 });
      const names = fs.readdirSync(root).filter(isSegmentName).sort();
      return names.flatMap((name) => {
        const path = join(root, name);
        const stat = fs.statSync(path, { throwIfNoEntry: false });
        if (stat === undefined) return [];
        const isOrphan = owner.isOrphan(name, stat.mtimeMs);
        return [{ path, bytes: stat.size, isOrphan, isForUs: owner.isForUs(name) }];
      });
    },
    create() {
      const path = join(root, owner.nameOf());
      fs.closeSync(fs.openSync(path, 'wx', 0o600));
      return path;
    },
    append(path, record) {
      const file = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND);
      try {
        if (fs.writeSync(file, record) < record.length) throw new Error('The disk of the spool is full');
        // Who took it over after it was opened may have read it before this was in it.
        fs.statSync(path);
      } finally {
        fs.closeSync(file);
      }
    },
    read: (path) => decode(fs.readFileSync(path)),
    claim(path) {
      const ours = join(root, owner.nameOf(basename(path)));
      // Touched first: once it is ours, it must not seem to be nobody's. Only the user whose file it is may do so.
      return touch(path, Date.now()) && succeeds(() => fs.renameSync(path, ours)) ? ours : undefined;
    },
    remove: (path) => void succeeds(() => fs.unlinkSync(path)),
    touch,
    exists: () => fs.existsSync(root),
  };
}

function succeeds(task: () => void): boolean {
  try {
    task();
    return true;
  } catch {
    return false;
  }
}
