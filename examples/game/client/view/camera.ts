import { ARENA_HEIGHT, ARENA_WIDTH } from '../../shared/map.ts';

/** What shows beside the arena, in its units. */
const MARGIN = 70;

/** CSS pixels of a unit below which players would be too small to play: then the camera follows. */
const MIN_SCALE = 0.62;

/** Which part of the arena shows: all of it where there is room, what is around our player where there is not. */
export class Camera {
  scale: number = 1;
  /** What is in the top left corner. */
  x: number = 0;
  y: number = 0;

  update(width: number, height: number, target: { readonly x: number; readonly y: number }): void {
    const whole = Math.min(width / (ARENA_WIDTH + 2 * MARGIN), height / (ARENA_HEIGHT + 2 * MARGIN));
    this.scale = Math.max(MIN_SCALE, whole);
    this.x = place(target.x, width / this.scale, ARENA_WIDTH);
    this.y = place(target.y, height / this.scale, ARENA_HEIGHT);
  }
}

/** Where a window of this length begins on one axis, so that it holds the target and no more of the outside than it must. */
function place(target: number, length: number, arena: number): number {
  if (length >= arena + 2 * MARGIN) return (arena - length) / 2;
  return Math.min(arena + MARGIN - length, Math.max(-MARGIN, target - length / 2));
}
