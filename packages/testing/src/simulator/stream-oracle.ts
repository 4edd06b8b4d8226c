import type { Judge } from './judge.ts';

/** The items of a stream come in order, none is missing and none comes twice; one that ends was whole. One with ids goes on. */
export class StreamOracle {
  readonly #judge: Judge;
  readonly #received: Map<string, number> = new Map();

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  item(key: string, index: number): void {
    const expected = this.#received.get(key) ?? 0;
    if (index !== expected) this.#judge.complain('streams', `${key} gave item ${index} in place of ${expected}`);
    this.#received.set(key, index + 1);
  }

  /** A stream failed whose items have ids, and whose client was not closed. */
  broke(key: string, read: number, code: string): void {
    this.#judge.complain('streams', `${key} failed with ${code} after ${read} items, and could have gone on`);
  }

  ended(key: string, count: number): void {
    const received = this.#received.get(key) ?? 0;
    if (received !== count) this.#judge.complain('streams', `${key} ended after ${received} items of ${count}`);
  }
}
