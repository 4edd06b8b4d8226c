import { MAX_BOARD_POINTS, ownerOf, POINT_SIZE, type Stroke } from '../shared/ink.ts';

/** The strokes of one board, oldest first. What was asked twice is done once. */
export class Board {
  readonly #strokes: Map<string, Stroke> = new Map();
  #points = 0;

  get strokes(): Stroke[] {
    return [...this.#strokes.values()];
  }

  get owner(): string | null {
    return ownerOf(this.#strokes.values());
  }

  get(id: string): Stroke | undefined {
    return this.#strokes.get(id);
  }

  /** Returns false when there is no room for it. */
  add(stroke: Stroke): boolean {
    if (this.#strokes.has(stroke.id)) return true;
    const points = stroke.points.length / POINT_SIZE;
    if (this.#points + points > MAX_BOARD_POINTS) return false;
    this.#strokes.set(stroke.id, stroke);
    this.#points += points;
    return true;
  }

  remove({ id, points }: Stroke): void {
    if (this.#strokes.delete(id)) this.#points -= points.length / POINT_SIZE;
  }

  clear(): void {
    this.#strokes.clear();
    this.#points = 0;
  }
}
