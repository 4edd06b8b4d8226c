import type { Input } from '../shared/rules.ts';

type InputTuple = [seq: number, x: number, y: number, dash: boolean];

/** Inputs that wait for the server to ask; of more the oldest go: a player wants what they want now. */
const MAX_WAITING = 8;

/**
 * The inputs of one call, to be uploaded at the pace at which the server takes them: however slow the network, they do not
 * pile up.
 */
export class Steering implements AsyncIterableIterator<InputTuple[], undefined> {
  #waiting: InputTuple[] = [];
  #wake: (() => void) | null = null;
  #isOver = false;

  push({ seq, x, y, dash }: Input): void {
    this.#waiting = [...this.#waiting, [seq, x, y, dash] satisfies InputTuple].slice(-MAX_WAITING);
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<InputTuple[], undefined>> {
    while (this.#waiting.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isOver) return { done: true, value: undefined };
    const value = this.#waiting;
    this.#waiting = [];
    return { done: false, value };
  }

  /** The call is over. */
  return(): Promise<IteratorResult<InputTuple[], undefined>> {
    this.#isOver = true;
    this.#wake?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
