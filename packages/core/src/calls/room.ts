/** Those who wait for a connection to take more. */
export class Room {
  readonly #waiting: Set<() => void> = new Set();
  /** Whether it has been told of before: a transport that never tells is looked at. */
  isTold = false;

  /** Tells `listener` when there is room, each time until the returned function is called. */
  wait(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }

  /** The connection has drained. */
  tell(): void {
    this.isTold = true;
    this.look();
  }

  /** Things have changed: there is another connection, say. */
  look(): void {
    for (const listener of [...this.#waiting]) listener();
  }
}
