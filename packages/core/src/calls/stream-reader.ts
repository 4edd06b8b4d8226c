import { type CallError, ProtocolError } from '../errors.ts';

export interface StreamReaderOptions {
  /** Items the sender may be ahead of the reader. */
  readonly window: number;
  /** Allows the sender `count` more items. */
  grant(count: number): void;
  /** The reader left before the end. */
  cancel(): void;
}

interface Waiter<Item> {
  readonly resolve: (result: IteratorResult<Item, undefined>) => void;
  readonly reject: (error: unknown) => void;
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
  #waiters: Array<Waiter<Item>> = [];
  #outcome: { readonly error: CallError | null } | null = null;

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
    if (this.#outcome !== null) return;
    if (this.#credit === 0) throw new ProtocolError('MALFORMED', 'an item of a stream beyond its credit');
    this.#credit--;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      this.#items.push(item);
    } else {
      this.#consumed();
      waiter.resolve({ value: item, done: false });
    }
  }

  /** No more items; with an error, the reader gets it after those that came before. */
  finish(error: CallError | null): void {
    if (this.#outcome !== null) return;
    this.#outcome = { error };
    const waiters = this.#waiters;
    this.#waiters = [];
    waiters.forEach((waiter, index) => {
      if (index === 0 && error !== null) waiter.reject(error);
      else waiter.resolve({ value: undefined, done: true });
    });
    if (waiters.length > 0) this.#outcome = { error: null };
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as Item;
      this.#consumed();
      return Promise.resolve({ value, done: false });
    }
    if (this.#outcome !== null) {
      const { error } = this.#outcome;
      this.#outcome = { error: null };
      return error === null ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#items = [];
    if (this.#outcome === null) {
      this.finish(null);
      this.#options.cancel();
    }
    this.#outcome = { error: null };
    return Promise.resolve({ value: undefined, done: true });
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
    if (this.#outcome !== null) return;
    this.#credit += half;
    this.#options.grant(half);
  }
}
