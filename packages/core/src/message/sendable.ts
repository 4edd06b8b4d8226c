import { bytesKind } from './bytes.ts';
import type { CustomType } from './custom-type.ts';
import { GET, KEYS, KeyPath, VALUES } from './key-path.ts';
import { isForbiddenKey, MAX_DEPTH } from './plain-json.ts';
import { forbiddenKey, tooDeep, unsendable } from './unserializable.ts';

/** Longest BigInt that travels, in decimal digits: parsing one costs the square of its length. */
export const MAX_BIGINT_DIGITS = 1_024;
const maxBigint = 10n ** BigInt(MAX_BIGINT_DIGITS);

/** What a walk through a value has found. */
export interface Findings {
  /** What the instances of custom types were encoded to. */
  readonly encoded: ReadonlyMap<object, unknown>;
  /** Whether some of it travels as attachments. */
  readonly hasBytes: boolean;
}

/**
 * Refuses what would otherwise be lost or changed on the way without a word: functions, symbols, promises, regular
 * expressions, instances of classes that are not registered, sparse arrays, invalid dates. Runs only for values that
 * are not plain JSON.
 *
 * @throws {UsageError} `UNSERIALIZABLE`, naming the kind of value and where it stands in `name`.
 */
export function refuseUnsendable(value: unknown, name: string, types: readonly CustomType[]): Findings {
  const walk = new SendableWalk(name, types);
  walk.visit(value, 0);
  return walk;
}

class SendableWalk implements Findings {
  readonly encoded: Map<object, unknown> = new Map();
  hasBytes = false;
  readonly #name: string;
  readonly #path: KeyPath;
  readonly #types: readonly CustomType[];

  constructor(name: string, types: readonly CustomType[]) {
    this.#name = name;
    this.#path = new KeyPath(name);
    this.#types = types;
  }

  /** Visits what is reached by `key` from where the walk stands. */
  #enter(value: unknown, depth: number, key: string | number, via?: typeof GET): void {
    // What has nothing to be found in is most of a value.
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return;
    this.#path.enter(key, via);
    this.visit(value, depth);
    this.#path.leave();
  }

  visit(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'function':
      case 'symbol':
        throw unsendable(this.#path, `a ${typeof value}`);
      case 'bigint':
        if (value < maxBigint && value > -maxBigint) return;
        throw unsendable(this.#path, `a BigInt of more than ${MAX_BIGINT_DIGITS} digits`);
      case 'object':
        if (value === null) return;
        if (depth >= MAX_DEPTH) throw tooDeep(this.#name);
        return this.#visitObject(value, depth + 1);
      default:
    }
  }

  #visitObject(value: object, depth: number): void {
    const type = this.#types.find(({ is }) => is(value));
    if (type !== undefined) return this.#visitCustom(value, type, depth);
    if (Array.isArray(value)) return this.#visitArray(value, depth);
    if (value instanceof Map) return this.#visitMap(value, depth);
    if (value instanceof Set) {
      let index = 0;
      for (const item of value) this.#enter(item, depth, index++, VALUES);
      return;
    }
    if (value instanceof Date) {
      if (Number.isNaN(value.valueOf())) throw unsendable(this.#path, 'an invalid Date', 'send null instead');
      return;
    }
    if (value instanceof Error) return this.#enter(value.cause, depth, 'cause');
    if (bytesKind(value) !== null) {
      this.hasBytes = true;
      return;
    }
    if (Object.prototype.toString.call(value) !== '[object URL]') this.#visitMembers(value, depth);
  }

  #visitCustom(value: object, type: CustomType, depth: number): void {
    // Once, but looked at each time: one that holds itself must be found out.
    if (!this.encoded.has(value)) this.encoded.set(value, type.encode(value));
    this.visit(this.encoded.get(value), depth);
  }

  #visitArray(array: readonly unknown[], depth: number): void {
    for (let index = 0; index < array.length; index++) {
      if (!(index in array)) throw unsendable(this.#path, 'a sparse array', 'fill its holes');
      this.#enter(array[index], depth, index);
    }
  }

  #visitMap(map: ReadonlyMap<unknown, unknown>, depth: number): void {
    let index = 0;
    for (const [key, item] of map) {
      this.#enter(key, depth, index, KEYS);
      if (typeof key === 'string' || typeof key === 'number') this.#enter(item, depth, key, GET);
      else this.#enter(item, depth, index, VALUES);
      index++;
    }
  }

  #visitMembers(object: object, depth: number): void {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) {
      throw unsendable(this.#path, `an instance of ${prototype?.constructor?.name || 'a class'}`);
    }
    for (const key in object) {
      if (isForbiddenKey(key)) throw forbiddenKey(this.#path, key);
      this.#enter((object as Record<string, unknown>)[key], depth, key);
    }
  }
}
