import { UsageError } from '@typewire/core';

/** Longest id of an item, in UTF-16 units. */
const MAX_ID_LENGTH = 255;

/** An item of a stream with an id to go on from; made by {@link tracked}. */
export class Tracked<Value> {
  readonly id: string;
  readonly value: Value;
  /** Nominal: no item of a user's own looks like one. */
  declare private readonly brand: undefined;

  constructor(id: string, value: Value) {
    this.id = id;
    this.value = value;
  }
}

/**
 * Gives an item of a stream an id. When the session of its reader is lost, the stream is opened again with the id of the
 * last such item as `lastEventId`, and the handler goes on behind it.
 *
 * @throws {UsageError} `BAD_OPTION` for an id that is not text of 1 to 255 characters.
 */
export function tracked<Value>(id: string, value: Value): Tracked<Value> {
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID_LENGTH) {
    throw new UsageError('BAD_OPTION', `the id of an item is text of 1 to ${MAX_ID_LENGTH} characters`);
  }
  return new Tracked(id, value);
}
