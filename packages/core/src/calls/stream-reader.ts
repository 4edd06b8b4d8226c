import { type CallError, ProtocolError } from '../errors.ts';

export interface StreamReaderOptions {
  /** Items the sender may be ahead of the reader. */
  readonly window: number;
  /** Allows the sender `count` more items. */
  grant(count: number): void;
  /** The reader left before the end. */
  cancel(): void;
}

/**
 * Items of one stream as an async iterator. The sender is never further ahead than `window` items, so a slow reader
 * slows it down and memory stays bounded; leaving the loop cancels the stream.
 */
export class StreamReader<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #options: StreamReaderOptions;
  #items: Item[] = [];
  #read = 0;
  /** Items the sender may still send. */
  #credit: number;
  /** Readers of items that have not come yet. */
  #waiters: Array<(item: IteratorResult<Item, undefined> | Promise<IteratorResult<Item, undefined>>) => void> = [];
  /** What comes behind the items: an error, or nothing; `undefined` while that is not known. */
  #end: CallError | null | undefined;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#credit = options.window;
  }

  /** Items that wait for the reader. */
  get queued(): number {
    return this.#items.length;
  }

  /** Items the sender may still send. */
  get credit(): number {
    return this.#credit;
  }

  /** @throws {ProtocolError} `MALFORMED` for an item beyond what was granted: nothing else bounds the memory. */
  push(item: Item): void {
    if (this.#end !== undefined) return;
    if (this.#credit === 0) throw new ProtocolError('MALFORMED', 'an item of a stream beyond its credit');
    this.#credit--;
    const answer = this.#waiters.shift();
    if (answer === undefined) {
      this.#items.push(item);
    } else {
      this.#consumed();
      answer({ value: item, done: false });
    }
  }

  /** No more items; with an error, the reader gets it after those that came before. */
  finish(error: CallError | null): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    for (const answer of this.#waiters.splice(0)) answer(this.next());
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as Item;
      this.#consumed();
      return Promise.resolve({ value, done: false });
    }
    const end = this.#end;
    if (end === undefined) return new Promise((resolve) => this.#waiters.push(resolve));
    // An error is told once.
    this.#end = null;
    return end === null ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(end);
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    const isLeft = this.#end === undefined;
    this.#items = [];
    this.finish(null);
    this.#end = null;
    if (isLeft) this.#options.cancel();
    return this.next();
  }

  /** As `return`, and rejects with `error`: what a generator does that does not catch it. */
  throw(error?: unknown): Promise<IteratorResult<Item, undefined>> {
    return this.return().then(() => Promise.reject(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Grants credit by half a window at a time, so that most items cost no message back. */
  #consumed(): void {
    this.#read++;
    const half = Math.max(1, Math.floor(this.#options.window / 2));
    if (this.#read < half) return;
    this.#read = 0;
    if (this.#end !== undefined) return;
    this.#credit += half;
    this.#options.grant(half);
  }
}
