import { UsageError } from '../errors.ts';
import { forbiddenKey, isForbiddenKey, MAX_DEPTH, tooDeep } from './plain-json.ts';

/** Longest BigInt that travels, in decimal digits: parsing one costs the square of its length. */
export const MAX_BIGINT_DIGITS = 1_024;
const maxBigint = 10n ** BigInt(MAX_BIGINT_DIGITS);

const leafTags = new Set(['[object URL]']);
const typedArrayNames = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
]);

/**
 * Refuses what would otherwise be lost or changed on the way without a word: functions, symbols, promises, regular
 * expressions, instances of classes, sparse arrays, invalid dates. Runs only for values that are not plain JSON.
 *
 * @throws {UsageError} `UNSERIALIZABLE`, naming the kind of value.
 */
export function refuseUnsendable(value: unknown, depth = 0): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw unsendable(`a ${typeof value}`);
  if (typeof value === 'bigint') {
    if (value >= maxBigint || value <= -maxBigint)
      throw unsendable(`a BigInt of more than ${MAX_BIGINT_DIGITS} digits`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) return refuseInArray(value, depth + 1);
  if (value instanceof Map) {
    for (const [key, item] of value) {
      refuseUnsendable(key, depth + 1);
      refuseUnsendable(item, depth + 1);
    }
    return;
  }
  if (value instanceof Set) {
    for (const item of value) refuseUnsendable(item, depth + 1);
    return;
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.valueOf())) throw unsendable('an invalid Date');
    return;
  }
  if (value instanceof Error) {
    refuseUnsendable(value.cause, depth + 1);
    return;
  }
  if (ArrayBuffer.isView(value)) {
    // A subclass (Node's Buffer) has a name of its own, which no peer revives.
    const name = value.constructor.name;
    if (!typedArrayNames.has(name)) throw unsendable(`a ${name}`);
    return;
  }
  if (!leafTags.has(tagOf(value))) refuseInObject(value, depth + 1);
}

function refuseInArray(array: readonly unknown[], depth: number): void {
  for (let index = 0; index < array.length; index++) {
    if (!(index in array)) throw unsendable('a sparse array');
    refuseUnsendable(array[index], depth);
  }
}

function refuseInObject(object: object, depth: number): void {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw unsendable(`an instance of ${prototype?.constructor?.name || 'a class'}`);
  }
  for (const key in object) {
    if (isForbiddenKey(key)) throw forbiddenKey(key);
    refuseUnsendable((object as Record<string, unknown>)[key], depth);
  }
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}

function unsendable(what: string): UsageError {
  return new UsageError('UNSERIALIZABLE', `a value contains ${what}, which cannot travel: send its data instead`);
}
