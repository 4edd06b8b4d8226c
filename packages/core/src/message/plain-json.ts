/** Deepest nesting of a value. protocol: "Decisions", 4. */
export const MAX_DEPTH = 64;
/** Two levels more are the message and its batch, or its header. */
export const MESSAGE_DEPTH: number = MAX_DEPTH + 2;

/** Keys that name an object's prototype machinery; refused on both ends, so that no code downstream is fooled by one. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/**
 * Whether `JSON.stringify` followed by `JSON.parse` gives the same value back, and a peer takes it. Most values are
 * so, and take a path that never runs a serializer's walk.
 */
export function isPlainJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && (value !== 0 || !Object.is(value, -0));
    case 'object':
      if (value === null) return true;
      if (depth >= MAX_DEPTH) return false;
      return Array.isArray(value) ? isPlainArray(value, depth + 1) : isPlainObject(value, depth + 1);
    default:
      return false;
  }
}

function isPlainArray(array: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < array.length; index++) {
    if (!isPlainJson(array[index], depth)) return false;
  }
  return true;
}

function isPlainObject(object: object, depth: number): boolean {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in object) {
    if (isForbiddenKey(key) || !isPlainJson((object as Record<string, unknown>)[key], depth)) return false;
  }
  return true;
}
