import { FULL_TEXTS } from '#texts';
import { UsageError } from '../errors.ts';
import { isForbiddenKey, isPlainJson, MAX_DEPTH } from './plain-json.ts';
import type { Serializer } from './serializer.ts';
import { tooDeep } from './unserializable.ts';

/**
 * Plain JSON and nothing else. A member that is `undefined` is left out, as JSON does; everything else that would not
 * arrive as it is, a `Date` too, is refused.
 */
export function createJsonSerializer(): Serializer {
  return {
    serialize(value, name) {
      const found = findUnsendable(value, name, 0);
      if (found !== null) {
        const where = `${name}${found}`;
        throw new UsageError('UNSERIALIZABLE', `${where}, which cannot travel: the serializer carries plain JSON only`);
      }
      return { json: value };
    },
    deserialize() {
      throw new Error('metadata, where only plain JSON is spoken');
    },
  };
}

/**
 * Where a value holds what is not JSON, and what that is: text to put behind the name of the value.
 *
 * @throws {UsageError} `UNSERIALIZABLE` for what is nested too deep.
 */
function findUnsendable(value: unknown, name: string, depth: number): string | null {
  if (typeof value !== 'object' || value === null) {
    if (isPlainJson(value)) return null;
    return FULL_TEXTS
      ? ` is ${typeof value === 'number' ? `${Object.is(value, -0) ? '-' : ''}${value}` : typeof value}`
      : '';
  }
  if (depth >= MAX_DEPTH) throw tooDeep(name);
  const isArray = Array.isArray(value);
  const prototype = Object.getPrototypeOf(value);
  if (!isArray && prototype !== Object.prototype && prototype !== null) {
    return FULL_TEXTS ? ` is an instance of ${prototype.constructor?.name || 'a class'}` : '';
  }
  // Holes of an array too: they would arrive as null.
  for (const key of isArray ? value.keys() : Object.keys(value)) {
    if (isForbiddenKey(String(key))) return FULL_TEXTS ? ` has the key "${key}" (rename it)` : '';
    const item = (value as Record<number | string, unknown>)[key];
    if (item === undefined && !isArray) continue;
    const found = findUnsendable(item, name, depth + 1);
    if (found === null) continue;
    // As a program writes a member.
    return FULL_TEXTS ? (/^[a-z_$][\w$]*$/i.test(`${key}`) ? `.${key}` : `[${JSON.stringify(key)}]`) + found : found;
  }
  return null;
}
