import type { Stroke } from '../shared/ink.ts';
import { createId } from './identity.ts';
import type { Outbox } from './outbox.ts';

/** Takes our own lines back, the newest first, and puts them on again. */
export class OwnStrokes {
  readonly #me: string;
  readonly #outbox: Outbox;
  readonly #undone: Stroke[] = [];

  constructor(me: string, outbox: Outbox) {
    this.#me = me;
    this.#outbox = outbox;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  draw(stroke: Stroke): void {
    this.#undone.length = 0;
    this.#outbox.draw(stroke);
  }

  /** The newest of ours among those that show. */
  newest(strokes: readonly Stroke[]): Stroke | undefined {
    return strokes.findLast(({ by }) => by === this.#me);
  }

  undo(strokes: readonly Stroke[]): void {
    const stroke = this.newest(strokes);
    if (stroke === undefined) return;
    this.#undone.push(stroke);
    this.#outbox.undo(stroke.id);
  }

  redo(): void {
    const stroke = this.#undone.pop();
    // Another id: the one before was taken off, which would hold for it, too.
    if (stroke !== undefined) this.#outbox.draw({ ...stroke, id: createId() });
  }
}
