import { UsageError } from '@typewire/core';

/** Deeper than what can travel. */
const MAX_DEPTH = 64;

/** Numbers of what has no content that could be compared. */
const identities: WeakMap<object, number> = /* @__PURE__ */ new WeakMap();
let identityCount = 0;

/**
 * Text that is equal for values of equal content, whatever the order of keys, entries and members: of plain values, dates,
 * maps, sets, bytes, bigints, addresses, expressions and objects with a `toJSON`. A key whose value is `undefined` counts as
 * missing. Other objects, as Blobs, are equal to themselves alone.
 *
 * @throws {UsageError} `BAD_OPTION` for functions and symbols, and what is nested more than 64 deep.
 */
export function valueKey(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) {
    throw new UsageError(
      'BAD_OPTION',
      `parameters are nested more than ${MAX_DEPTH} levels deep, or contain themselves`,
    );
  }
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : objectKey(value, depth + 1);
    case 'function':
    case 'symbol':
      throw new UsageError(
        'BAD_OPTION',
        `parameters hold a ${typeof value}, which cannot travel: send its data instead`,
      );
    default:
      return String(value);
  }
}

function objectKey(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => valueKey(item, depth)).join()}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return `{${entriesKey(Object.entries(value), depth)}}`;
  const name = value.constructor.name;
  if (value instanceof Date) return `${name}(${value.getTime()})`;
  if (value instanceof Map) return `${name}{${entriesKey(value, depth)}}`;
  if (value instanceof Set)
    return `${name}(${[...value]
      .map((item) => valueKey(item, depth))
      .sort()
      .join()})`;
  if (value instanceof RegExp || value instanceof URL) return `${name}(${value})`;
  if (ArrayBuffer.isView(value)) return `${name}(${bytesKey(value)})`;
  if (value instanceof ArrayBuffer) return `${name}(${bytesKey(new Uint8Array(value))})`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return `${name}(${valueKey(value.toJSON(), depth)})`;
  return `${name}#${identity(value)}`;
}

function entriesKey(entries: Iterable<[unknown, unknown]>, depth: number): string {
  return [...entries]
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${valueKey(key, depth)}:${valueKey(item, depth)}`)
    .sort()
    .join();
}

function bytesKey({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return new Uint8Array(buffer, byteOffset, byteLength).join();
}

function identity(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++identityCount);
  return identityCount;
}
