/** Ends the loop, or the part of it that is awaited. */
const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true };

/**
 * Items of a stream, each as `check` makes it; one that does not pass ends it. Leaving it leaves the stream at once, also
 * while an item is awaited: a generator would wait for that item first, which may never come.
 */
export class CheckedItems implements AsyncIterableIterator<unknown, undefined> {
  readonly #open: () => Promise<AsyncIterator<unknown, undefined>>;
  readonly #check: (item: unknown) => Promise<unknown>;
  #items: Promise<AsyncIterator<unknown, undefined>> | null = null;
  #isOver = false;

  /** `open` is called with the first item that is asked for. */
  constructor(open: () => Promise<AsyncIterator<unknown, undefined>>, check: (item: unknown) => Promise<unknown>) {
    this.#open = open;
    this.#check = check;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#isOver) return DONE;
    try {
      this.#items ??= this.#open();
      const result = await (await this.#items).next();
      if (result.done !== true) return { value: await this.#check(result.value), done: false };
    } catch (error) {
      await this.return();
      throw error;
    }
    this.#isOver = true;
    return DONE;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#isOver = true;
    // One that could not be opened has told so.
    const items = await this.#items?.catch(() => null);
    await items?.return?.();
    return DONE;
  }

  async throw(error?: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
