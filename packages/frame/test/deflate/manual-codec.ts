import type { Cancel, Deflater, Inflater } from '../../src/deflate/codec.ts';
import { zlibDeflater, zlibInflater } from './zlib-codec.ts';

/** A codec that works beside the thread, and is done when the test says so. */
export class ManualCodec {
  readonly deflater: Deflater;
  readonly inflater: Inflater;
  /** How many were given up. */
  cancelled = 0;
  readonly #jobs = new Set<() => void>();

  constructor(deflater: Deflater = zlibDeflater(), inflater: Inflater = zlibInflater()) {
    this.deflater = {
      deflate: (bytes, history) => deflater.deflate(bytes, history),
      deflateAside: (bytes, history, done) =>
        this.#later(() => {
          let blocks: Uint8Array | null = null;
          try {
            blocks = deflater.deflate(bytes, history);
          } catch {}
          done(blocks);
        }),
    };
    this.inflater = {
      inflate: (bytes, history, maxBytes) => inflater.inflate(bytes, history, maxBytes),
      inflateAside: (bytes, history, maxBytes, done) =>
        this.#later(() => done(inflater.inflate(bytes, history, maxBytes))),
    };
  }

  /** How many are under way. */
  get size(): number {
    return this.#jobs.size;
  }

  /** Ends what was begun first. */
  finish(): void {
    const [job] = this.#jobs;
    if (job === undefined) throw new Error('nothing is under way');
    this.#jobs.delete(job);
    job();
  }

  /** Ends everything, and what that leads to. */
  finishAll(): void {
    while (this.#jobs.size > 0) this.finish();
  }

  #later(job: () => void): Cancel {
    this.#jobs.add(job);
    return () => {
      if (this.#jobs.delete(job)) this.cancelled++;
    };
  }
}
