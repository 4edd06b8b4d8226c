/** A value as it travels. */
export interface Serialized {
  /** Plain JSON. `undefined` is none. */
  readonly json: unknown;
  /** Plain JSON too: what the peer's serializer must know besides. With attachments and without, `null` is sent. */
  readonly meta?: unknown;
  /** Bytes that travel as they are; most messages have none. They are copied before the call returns. */
  readonly attachments?: readonly Uint8Array[];
}

/**
 * Turns values that are not plain JSON into what a message can carry, and back. Plain JSON, and `undefined`, never
 * reach it. Both ends must use the same.
 */
export interface Serializer {
  /**
   * `name` says in errors what the value is: `input`, `output`, `event` and so on. A promise, for contents that can
   * only be read later, delays its message alone: what is sent after it may arrive before. Not where a promise cannot
   * be waited for: credentials and parameters of channels.
   *
   * @throws {UsageError} `UNSERIALIZABLE` for a value that cannot travel.
   */
  serialize(value: unknown, name: string): Serialized | Promise<Serialized>;
  /**
   * Takes a peer's word for nothing: everything is as it came, but without keys such as `__proto__`, and nested at most
   * 64 deep. What it throws closes the connection with 4502. `json` may be changed in place. Attachments are views of
   * the message: copy what is kept.
   */
  deserialize(parts: {
    readonly json: unknown;
    readonly meta: unknown;
    readonly attachments: readonly Uint8Array[];
  }): unknown;
}
