/** Plain data: what JSON.stringify writes as it is. */

/** Beyond this, or in a circle, it is for others to look. */
const MAX_DEPTH = 50;

/** What one value counts for, beside its characters. */
const VALUE_SIZE = 4;

/**
 * Whether a value is nothing but objects, arrays and scalars that JSON has a form for, up to a size in characters. False,
 * too, if it cannot be looked at.
 */
export function isPlain(value: unknown, maxSize: number): boolean {
  try {
    return plainSize(value, maxSize, 0) >= 0;
  } catch {
    return false;
  }
}

/** @returns how much of the room is left; negative if that is too little, or the value is not plain */
function plainSize(value: unknown, room: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return room - value.length;
    case 'number':
      return Number.isFinite(value) ? room - VALUE_SIZE : -1;
    case 'boolean':
    case 'undefined':
      return room - VALUE_SIZE;
    case 'object':
      break;
    default:
      return -1;
  }
  if (value === null) return room - VALUE_SIZE;
  const prototype: unknown = Object.getPrototypeOf(value);
  let left = room - VALUE_SIZE;
  if (depth === MAX_DEPTH) return -1;
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype || 'toJSON' in value) return -1;
    for (let index = 0; index < value.length && left >= 0; index++) {
      left = plainSize(value[index], left, depth + 1);
    }
    return left;
  }
  if (prototype !== Object.prototype && prototype !== null) return -1;
  if ('toJSON' in value || 'pipe' in value || Symbol.toStringTag in value) return -1;
  for (const key in value) {
    left = plainSize((value as Record<string, unknown>)[key], left - key.length, depth + 1);
    if (left < 0) return left;
  }
  return left;
}
