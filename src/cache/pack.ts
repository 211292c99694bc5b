/**
 * Texts by key, in one file that is read as a whole and replaced as a whole: a build asks for nearly all of them, and a file
 * for each would take longer to open than what is in it takes to make. Whatever is wrong with the file, or with the disk, is
 * as if nothing had been kept.
 */
import { hash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface Pack {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
  /** Writes what is new, together with what others have written meanwhile; what was not asked for goes first when room is short. */
  save(): void;
}

/** In characters: three times what 10,000 modules with targets take. */
const MAX_SIZE = 32 * 1024 * 1024;

/** In milliseconds: what nobody has used for this long is of a version, or of options, that nobody has any more. */
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;

/** @param file its absolute path; the directory is ours alone */
export function openPack(file: string): Pack {
  let kept: Map<string, string> | undefined;
  /** Lines that this process asked for or made. */
  const used = new Map<string, string>();
  let isChanged = false;
  return {
    get(key) {
      const line = used.get(key) ?? (kept ??= readLines(file)).get(key);
      const text = line === undefined ? undefined : textOf(line);
      if (line !== undefined && text !== undefined) used.set(key, line);
      return text;
    },
    set(key, text) {
      used.set(key, `${key} ${checksum(key, text)} ${text}`);
      isChanged = true;
    },
    save() {
      try {
        if (isChanged) write(file, [...used.values(), ...readLines(file, used).values()]);
        else if (used.size > 0) utimesSync(file, new Date(), new Date());
        if (isChanged) prune(dirname(file));
      } catch {
        // A read-only file system, or a full one.
      }
      isChanged = false;
    },
  };
}

/** By key, but for those that are there already. */
function readLines(file: string, known?: ReadonlyMap<string, string>): Map<string, string> {
  const lines = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return lines;
  }
  for (const line of text.split('\n')) {
    const key = line.slice(0, line.indexOf(' '));
    if (key !== '' && known?.has(key) !== true) lines.set(key, line);
  }
  return lines;
}

/** What a line holds; undefined if it is not as it was written. */
function textOf(line: string): string | undefined {
  const [, key = '', sum, text = ''] = /^(\S+) (\S+) (.*)$/s.exec(line) ?? [];
  return sum === checksum(key, text) ? text : undefined;
}

function checksum(key: string, text: string): string {
  return hash('sha256', `${key} ${text}`, 'base64url').slice(0, 16);
}

/** Nobody ever sees half of it. */
function write(file: string, lines: readonly string[]): void {
  let room = MAX_SIZE;
  const fitting = lines.filter((line) => (room -= line.length + 1) >= 0);
  const temporary = `${file}.${randomUUID()}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(temporary, `${fitting.join('\n')}\n`);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes what has not been used for a long time: of other options, of former versions, of builds that were killed. */
function prune(directory: string): void {
  const oldest = Date.now() - MAX_AGE;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (/^[\da-f]{16}\.pack/.test(name) && statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
  }
}
