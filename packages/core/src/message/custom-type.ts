import { UsageError } from '../errors.ts';

/** A class of the program that travels. Both ends register it under the same name. */
// biome-ignore lint/suspicious/noExplicitAny: types of any class stand in one record
export interface CustomType<Instance extends object = any> {
  /** Whether an object is one. Asked of every object in a value that is not plain JSON. */
  is(value: object): boolean;
  /** What it travels as: plain JSON, or anything else that can travel. */
  encode(instance: Instance): unknown;
  /**
   * Makes one again of what a peer says it encoded, which is not checked: it may be anything that can travel. One that
   * throws closes the connection with 4502, as does everything that is malformed.
   */
  decode(encoded: never): Instance;
}

/** Marks bytes in metadata. */
export const BYTES_TYPE = 'bytes';

const pattern = /^[A-Za-z][\w.-]{0,63}$/;
const taken: ReadonlySet<string> = new Set([BYTES_TYPE, 'constructor', 'prototype']);

/** @throws {UsageError} `BAD_OPTION` */
export function readTypes(types: Readonly<Record<string, CustomType>>): ReadonlyMap<string, CustomType> {
  const read = new Map<string, CustomType>();
  for (const [name, type] of Object.entries(types)) {
    if (!pattern.test(name) || taken.has(name)) {
      const rule = 'a letter, then at most 63 letters, digits, dots and dashes, and not "bytes"';
      throw new UsageError('BAD_OPTION', `types cannot have the name ${JSON.stringify(name)}: it must be ${rule}`);
    }
    for (const part of ['is', 'encode', 'decode'] as const) {
      if (typeof type?.[part] !== 'function') throw new UsageError('BAD_OPTION', `types.${name} lacks ${part}()`);
    }
    read.set(name, type);
  }
  return read;
}
