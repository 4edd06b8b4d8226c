import { Board } from './board.ts';

/** Boards kept in memory; the one that nobody has touched for longest makes room for another. */
const MAX_BOARDS = 100;

export class Boards {
  readonly #boards: Map<string, Board> = new Map();

  /** The board of that name, to draw on. */
  open(name: string): Board {
    const board = this.#boards.get(name) ?? new Board();
    // A map keeps the order of insertion: the first is the one that was opened longest ago.
    this.#boards.delete(name);
    this.#boards.set(name, board);
    for (const oldest of this.#boards.keys()) {
      if (this.#boards.size <= MAX_BOARDS) break;
      this.#boards.delete(oldest);
    }
    return board;
  }

  /** The same to look at: whoever only looks makes none. */
  find(name: string): Board | undefined {
    return this.#boards.get(name);
  }
}
