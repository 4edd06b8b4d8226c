import { AsyncResource } from 'node:async_hooks';
import type { DeflateRaw, InflateRaw } from 'node:zlib';

/**
 * Most jobs under way at once in this process. Node's pool has four threads, and files and names wait for them, too; each
 * job that has begun holds the memory of a zlib state.
 */
export const MAX_ZLIB_JOBS = 10;

/** What became of a {@link ZlibJob}. */
export type ZlibOutcome =
  /** `readBytes` is how much of the input was looked at. */
  | { readonly type: 'done'; readonly bytes: Uint8Array; readonly readBytes: number }
  | { readonly type: 'too-big' }
  | { readonly type: 'failed'; readonly cause: unknown };

/** In the order in which they came. */
const waiting = new Set<ZlibJob>();
let underWay = 0;

/** Bytes that go through zlib in Node's thread pool, when it is their turn. */
export class ZlibJob {
  readonly #create: () => DeflateRaw | InflateRaw;
  readonly #input: Uint8Array;
  readonly #maxBytes: number;
  /** `null` once it was told, or is not to be told. */
  #onDone: ((outcome: ZlibOutcome) => void) | null;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #ended = false;

  /** `onDone` is called later, once, unless it is cancelled before; as soon as there are more than `maxBytes`. */
  constructor(
    create: () => DeflateRaw | InflateRaw,
    input: Uint8Array,
    maxBytes: number,
    onDone: (outcome: ZlibOutcome) => void,
  ) {
    this.#create = create;
    this.#input = input;
    this.#maxBytes = maxBytes;
    this.#onDone = onDone;
    if (underWay < MAX_ZLIB_JOBS) this.#start();
    else {
      // It will be begun by whoever ends another one.
      this.#onDone = AsyncResource.bind(onDone);
      waiting.add(this);
    }
  }

  /** Of all jobs of this process. */
  static get load(): { readonly underWay: number; readonly waiting: number } {
    return { underWay, waiting: waiting.size };
  }

  cancel(): void {
    waiting.delete(this);
    this.#onDone = null;
    this.#pieces = [];
  }

  #start(): void {
    underWay++;
    let stream: DeflateRaw | InflateRaw;
    try {
      stream = this.#create();
    } catch (cause) {
      process.nextTick(() => this.#end(null, { type: 'failed', cause }));
      return;
    }
    stream.on('data', (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
      // A cancelled one ends here and not before: only now has the thread let go of it.
      if (this.#bytes > this.#maxBytes || this.#onDone === null) this.#end(stream, { type: 'too-big' });
    });
    stream.on('error', (cause) => this.#end(stream, { type: 'failed', cause }));
    stream.on('end', () => this.#end(stream, { type: 'done', bytes: this.#joined(), readBytes: stream.bytesWritten }));
    stream.end(this.#input);
  }

  #joined(): Uint8Array {
    const [only] = this.#pieces;
    return only !== undefined && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces, this.#bytes);
  }

  #end(stream: DeflateRaw | InflateRaw | null, outcome: ZlibOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    stream?.destroy();
    underWay--;
    const onDone = this.#onDone;
    this.cancel();
    for (const next of waiting) {
      waiting.delete(next);
      next.#start();
      break;
    }
    onDone?.(outcome);
  }
}
