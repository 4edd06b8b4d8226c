import { InFlight } from './in-flight.ts';
import type { Point } from './view/camera.ts';
import type { Wire } from './wire.ts';

/** Part of the way to where it belongs that a pointer goes in 16 ms: between two positions it glides. */
const GLIDE = 0.35;

interface OtherCursor {
  shown: Point;
  target: Point;
}

/** Where the others point at, and what tells them where we do. */
export class Cursors {
  readonly #wire: Wire;
  readonly #me: string;
  readonly #board: string;
  readonly #others: Map<string, OtherCursor> = new Map();
  readonly #inFlight: InFlight = new InFlight(2);
  /** `undefined` when there is nothing to tell. */
  #news: Point | null | undefined;

  constructor(wire: Wire, me: string, board: string, changed: () => void) {
    this.#wire = wire;
    this.#me = me;
    this.#board = board;
    wire.api.cursors.subscribe({ board }).on('event', ({ by, at }) => {
      if (at === null) this.#others.delete(by);
      else this.#others.set(by, { shown: this.#others.get(by)?.shown ?? at, target: at });
      changed();
    });
  }

  /** `null`: the pointer has left the board. */
  move(at: Point | null): void {
    this.#news = at;
  }

  /** Called once per frame: only the newest place matters, and no more than two are on their way. */
  send(): void {
    // Without a connection it would wait in a queue, to be wrong afterwards.
    if (this.#wire.status.state !== 'open') this.#news = undefined;
    if (this.#news === undefined || this.#inFlight.isFull) return;
    const at = this.#news && { x: Math.round(this.#news.x), y: Math.round(this.#news.y) };
    this.#news = undefined;
    const cursor = { by: this.#me, at };
    this.#inFlight.add(this.#wire.api.cursors.publish({ board: this.#board }, cursor, { exclude: 'self' }));
  }

  /** Whether something is left to tell when there is room for it. */
  get hasNews(): boolean {
    return this.#news !== undefined;
  }

  drop(by: string): void {
    this.#others.delete(by);
  }

  /** Moves all on by `elapsedMs`, and returns whether any is still on its way. */
  glide(elapsedMs: number): boolean {
    const part = 1 - (1 - GLIDE) ** (elapsedMs / 16);
    let isMoving = false;
    for (const cursor of this.#others.values()) {
      const { shown, target } = cursor;
      const rest = { x: target.x - shown.x, y: target.y - shown.y };
      const isThere = Math.hypot(rest.x, rest.y) < 0.25;
      cursor.shown = isThere ? target : { x: shown.x + rest.x * part, y: shown.y + rest.y * part };
      isMoving ||= !isThere;
    }
    return isMoving;
  }

  get all(): Array<{ readonly by: string; readonly at: Point }> {
    return [...this.#others].map(([by, { shown }]) => ({ by, at: shown }));
  }
}
