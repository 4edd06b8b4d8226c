/** One handshake's place in a {@link HandshakeQueue}. */
interface Turn {
  readonly begin: () => void;
}

/**
 * Has handshakes to an address take turns, in the order in which they were asked for. RFC 6455 §4.1.
 *
 * Addresses are compared as they are written, before they are resolved: two names of one machine do not wait for each
 * other.
 */
export class HandshakeQueue {
  /** For each address those that are under way or wait; the first is under way. */
  readonly #turns = new Map<string, Set<Turn>>();

  /**
   * Calls `begin`, which must not throw, when it is the turn of this one: after the code that runs now at the earliest.
   * Returns what gives the turn or the place away, to be called any number of times.
   */
  enter(address: string, begin: () => void): () => void {
    const turn: Turn = { begin };
    const turns = this.#turns.get(address);
    if (turns === undefined) {
      const first = new Set([turn]);
      this.#turns.set(address, first);
      start(turn, first);
    } else turns.add(turn);
    return () => this.#leave(address, turn);
  }

  #leave(address: string, turn: Turn): void {
    const turns = this.#turns.get(address);
    if (turns === undefined) return;
    const [underWay] = turns;
    if (!turns.delete(turn) || underWay !== turn) return;
    const [next] = turns;
    if (next === undefined) this.#turns.delete(address);
    else start(next, turns);
  }
}

/** Not in the stack of the one before: thousands that fail at once would be as many calls deep. */
function start(turn: Turn, turns: ReadonlySet<Turn>): void {
  queueMicrotask(() => {
    if (turns.has(turn)) turn.begin();
  });
}
