import { safe } from '@typewire/client';

/**
 * Bounds what is on its way and not confirmed yet. Whoever finds it full gathers and comes back later, so that a slow
 * network gets fewer and larger messages, and never a queue.
 */
export class InFlight {
  readonly #max: number;
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#count >= this.#max;
  }

  /** For what nobody needs to hear about when it fails. */
  add(publication: Promise<unknown>): void {
    this.#count++;
    void safe(publication).then(() => {
      this.#count--;
    });
  }
}
