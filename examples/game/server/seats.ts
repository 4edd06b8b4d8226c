export interface Seat {
  /** Whether nobody has sat down on it since. */
  readonly isOurs: boolean;
  /** Gets up. Returns false when somebody else sits there by now. */
  leave(): boolean;
}

/** Who steers a player: of several calls the newest, so that a tab that was left open somewhere is in nobody's way. */
export class Seats {
  readonly #holders: Map<number, object> = new Map();

  take(player: number): Seat {
    const holders = this.#holders;
    const us = {};
    holders.set(player, us);
    return {
      get isOurs() {
        return holders.get(player) === us;
      },
      leave() {
        return this.isOurs && holders.delete(player);
      },
    };
  }
}
