/**
 * Memory for texts that wait and for requests, used again and again: to get some from the system for each of them takes
 * longer than to fill it.
 */

/** Sizes are powers of two, from this one. */
const SMALLEST = 1024;
/** Bytes that are kept for later; what is given back beyond them goes back to the system. */
const MAX_FREE = 1024 * 1024;

const free = new Map<number, Buffer[]>();
let freeBytes = 0;

/**
 * Some memory with room for so many bytes, and anything in it; undefined where there are no Buffers. Nothing happens if it
 * is not given back.
 */
export function borrow(bytes: number): Buffer | undefined {
  if (typeof Buffer === 'undefined') return undefined;
  const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes)));
  const buffer = free.get(size)?.pop();
  if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
  freeBytes -= size;
  return buffer;
}

/** Gives back what nobody reads or writes any more. */
export function giveBack(buffer: Buffer): void {
  const size = buffer.length;
  if (freeBytes + size > MAX_FREE) return;
  freeBytes += size;
  const list = free.get(size);
  if (list === undefined) free.set(size, [buffer]);
  else list.push(buffer);
}
