import type { StreamReader } from './stream-reader.ts';

/**
 * The items of a stream. The call is made with the first `next()`, so that a stream nobody reads costs nothing; leaving
 * the loop cancels on the server.
 */
export class ItemStream<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #reader: StreamReader<Item>;
  readonly #start: () => void;
  readonly #lastEventId: () => string | null;
  #started = false;

  /** @internal */
  constructor(reader: StreamReader<Item>, start: () => void, lastEventId: () => string | null) {
    this.#reader = reader;
    this.#start = start;
    this.#lastEventId = lastEventId;
  }

  /** Id of the last item that arrived with one: what a later stream can go on from. `null` before. */
  get lastEventId(): string | null {
    return this.#lastEventId();
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (!this.#started) {
      this.#started = true;
      try {
        this.#start();
      } catch (error) {
        // Nothing will ever come: whoever asks again is at the end.
        this.#reader.finish(null);
        return Promise.reject(error);
      }
    }
    return this.#reader.next();
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#started = true;
    return this.#reader.return();
  }

  /** Leaves the stream, and rejects with `error`. */
  throw(error?: unknown): Promise<IteratorResult<Item, undefined>> {
    this.#started = true;
    return this.#reader.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
