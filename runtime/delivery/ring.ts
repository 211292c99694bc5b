/**
 * Values by an id that counts up, in order. A Map that something comes into and leaves with every event makes a new table
 * whenever it is full of gaps, and V8's old tables know the new ones: once one has grown old, all that follow, with all that
 * was ever in them, count as alive until the next full garbage collection. This is overwritten in place.
 */

export interface Ring<T> {
  readonly size: number;
  /** The lowest id in it; undefined if it is empty. */
  oldest(): number | undefined;
  get(id: number): T | undefined;
  /** @param id one that is in it, or is higher than all that ever were */
  set(id: number, value: T): void;
  delete(id: number): void;
  /** In the order of their ids. */
  entries(): [id: number, value: T][];
}

const SMALLEST = 64;

/** @typeParam T not undefined */
export function createRing<T>(): Ring<T> {
  /** An id has the place that its lowest bits say; the length is a power of two. */
  let places = placesFor<T>(SMALLEST);
  let size = 0;
  /** All that are in it are from here on, and before there. */
  let from = 0;
  let end = 0;

  function get(id: number): T | undefined {
    return id >= from && id < end ? places[id & (places.length - 1)] : undefined;
  }

  function entries(): [number, T][] {
    const all: [number, T][] = [];
    for (let id = from; id < end; id++) {
      const value = get(id);
      if (value !== undefined) all.push([id, value]);
    }
    return all;
  }

  function resize(length: number): void {
    const all = entries();
    places = placesFor<T>(length);
    for (const [id, value] of all) places[id & (length - 1)] = value;
  }

  return {
    get size() {
      return size;
    },
    oldest: () => (size === 0 ? undefined : from),
    get,
    set(id, value) {
      if (size === 0) from = id;
      if (get(id) === undefined) size++;
      while (id - from >= places.length) resize(places.length * 2);
      if (id >= end) end = id + 1;
      places[id & (places.length - 1)] = value;
    },
    delete(id) {
      if (get(id) === undefined) return;
      places[id & (places.length - 1)] = undefined;
      size--;
      while (from < end && get(from) === undefined) from++;
      if (size === 0 && places.length > SMALLEST) resize(SMALLEST);
    },
    entries,
  };
}

function placesFor<T>(length: number): (T | undefined)[] {
  return Array.from({ length }, () => undefined);
}
