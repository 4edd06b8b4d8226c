import { KeyPath } from './key-path.ts';
import { isForbiddenKey, MAX_DEPTH } from './plain-json.ts';
import type { Serializer } from './serializer.ts';
import { forbiddenKey, tooDeep, unsendable } from './unserializable.ts';

/**
 * Plain JSON and nothing else. A member that is `undefined` is left out, as JSON does; everything else that would not
 * arrive as it is, a `Date` too, is refused.
 */
export function createJsonSerializer(): Serializer {
  return {
    serialize(value, name) {
      refuseAllButJson(value, { name, path: new KeyPath(name) }, 0);
      return { json: value };
    },
    deserialize() {
      throw new Error('metadata, where only plain JSON is spoken');
    },
  };
}

interface Place {
  readonly name: string;
  readonly path: KeyPath;
}

/** @throws {UsageError} `UNSERIALIZABLE` */
function refuseAllButJson(value: unknown, place: Place, depth: number): void {
  const { name, path } = place;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return;
    throw unsendable(path, Object.is(value, -0) ? '-0' : String(value), advice);
  }
  if (typeof value !== 'object')
    throw unsendable(path, value === undefined ? 'undefined' : `a ${typeof value}`, advice);
  if (depth >= MAX_DEPTH) throw tooDeep(name);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.enter(index);
      refuseAllButJson(value[index], place, depth + 1);
      path.leave();
    }
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw unsendable(path, `an instance of ${prototype?.constructor?.name || 'a class'}`, advice);
  }
  for (const [key, item] of Object.entries(value)) {
    if (isForbiddenKey(key)) throw forbiddenKey(path, key);
    if (item === undefined) continue;
    path.enter(key);
    refuseAllButJson(item, place, depth + 1);
    path.leave();
  }
}

const advice = 'the serializer carries plain JSON only';
