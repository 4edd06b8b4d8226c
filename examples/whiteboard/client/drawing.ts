import type { BoardEvent } from '../server/schemas.ts';
import { ownerOf, type Stroke } from '../shared/ink.ts';

/** What is on the board as the server told it. Each event may come again without harm, as those after a snapshot may. */
export class Drawing {
  readonly #strokes: Map<string, Stroke> = new Map();

  get strokes(): Iterable<Stroke> {
    return this.#strokes.values();
  }

  get owner(): string | null {
    return ownerOf(this.#strokes.values());
  }

  has(id: string): boolean {
    return this.#strokes.has(id);
  }

  begin(strokes: readonly Stroke[]): void {
    this.#strokes.clear();
    for (const stroke of strokes) this.#strokes.set(stroke.id, stroke);
  }

  apply(event: BoardEvent): void {
    switch (event.type) {
      case 'added':
        this.#strokes.set(event.stroke.id, event.stroke);
        break;
      case 'removed':
        this.#strokes.delete(event.id);
        break;
      case 'cleared':
        this.#strokes.clear();
        break;
    }
  }
}
