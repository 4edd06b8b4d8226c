/**
 * DEFLATE without a header (RFC 1951), given by the platform. Both are stateless, so one object serves all connections
 * and an idle connection holds nothing of it: what earlier messages said comes with each call.
 */
export interface Deflater {
  /**
   * As {@link deflate}, beside this thread. `done` is given `null` where `deflate` would throw; it is called later, once,
   * and not after it was cancelled. Neither `bytes` nor `history` change before. Without it everything is done at once.
   */
  deflateAside?(bytes: Uint8Array, history: Uint8Array | null, done: (blocks: Uint8Array | null) => void): Cancel;
  /**
   * Compresses `bytes` to blocks none of which is final, and ends with an empty stored block (`00 00 ff ff`), as zlib
   * does for `Z_SYNC_FLUSH`. Distances may reach into `history`, which stands before the bytes. What it throws has the
   * message sent plain.
   */
  deflate(bytes: Uint8Array, history: Uint8Array | null): Uint8Array;
}

/** See {@link Deflater}. */
export interface Inflater {
  /** As {@link inflate}, beside this thread, and gives up as early; see {@link Deflater.deflateAside}. */
  inflateAside?(
    bytes: Uint8Array,
    history: Uint8Array | null,
    maxBytes: number,
    done: (inflated: Inflated) => void,
  ): Cancel;
  /**
   * Inflates `bytes`, before which `history` stands, up to the end of the first final block; gives up once there is more
   * than `maxBytes`, which may be 0.
   */
  inflate(bytes: Uint8Array, history: Uint8Array | null, maxBytes: number): Inflated;
}

/** Gives up what is under way and frees what it holds; without effect once it is done. */
export type Cancel = () => void;

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
  | { readonly type: 'corrupt'; readonly cause: unknown }
  /** Not about the bytes: no memory, say. */
  | { readonly type: 'failed'; readonly cause: unknown };
