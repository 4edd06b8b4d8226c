/**
 * DEFLATE without a header (RFC 1951), given by the platform. Both are stateless, so one object serves all connections
 * and an idle connection holds nothing of it: what earlier messages said comes with each call.
 */
export interface Deflater {
  /**
   * Compresses `bytes` to blocks none of which is final, and ends with an empty stored block (`00 00 ff ff`), as zlib
   * does for `Z_SYNC_FLUSH`. Distances may reach into `history`, which stands before the bytes. What it throws has the
   * message sent plain.
   */
  deflate(bytes: Uint8Array, history: Uint8Array | null): Uint8Array;
}

/** See {@link Deflater}. */
export interface Inflater {
  /**
   * Inflates `bytes`, before which `history` stands, up to the end of the first final block; gives up once there is more
   * than `maxBytes`, which may be 0.
   */
  inflate(bytes: Uint8Array, history: Uint8Array | null, maxBytes: number): Inflated;
}

/** What became of compressed bytes. */
export type Inflated =
  | {
      readonly type: 'done';
      /** May lie in larger memory. */
      readonly bytes: Uint8Array;
      /** Bytes of the input up to the end of the final block. */
      readonly readBytes: number;
    }
  /** There is more than `maxBytes`. */
  | { readonly type: 'too-big' }
  /** Not DEFLATE, or no final block. */
  | { readonly type: 'corrupt'; readonly cause: unknown };
