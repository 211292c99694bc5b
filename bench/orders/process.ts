/** What Linux tells of a process. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Bytes that it has in memory. */
export function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}

/** Milliseconds that it has kept a processor busy; the system counts in hundredths of a second. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program may contain anything; after it, these are the twelfth field and the thirteenth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const ESTABLISHED = '01';
const SYN_SENT = '02';

/** Connections that it has to this port, or is about to have. */
export function socketsOf(pid: number, port: number): number {
  const own = new Set(inodesOf(pid));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'latin1').split('\n').slice(1);
  return lines.filter((line) => {
    const [, , remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    return remote.endsWith(suffix) && (state === ESTABLISHED || state === SYN_SENT) && own.has(inode);
  }).length;
}

function inodesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
}
