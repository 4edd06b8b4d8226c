/**
 * Subscriptions of this tick that the server has not been asked for yet: one that is closed in the tick it was made in
 * costs no message. Whatever else is about to leave asks for them first, so that who subscribes and then acts hears
 * what the action brings about.
 */
export class PendingJoins {
  readonly #joins: Set<() => void> = new Set();

  /** Runs `join` once: with the next `drain`, or in a microtask. */
  add(join: () => void): void {
    this.#joins.add(join);
    queueMicrotask(() => this.#run(join));
  }

  /** Runs everything that waits, in order. */
  drain(): void {
    for (const join of [...this.#joins]) this.#run(join);
  }

  #run(join: () => void): void {
    if (this.#joins.delete(join)) join();
  }
}
