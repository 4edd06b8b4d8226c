/** Units are those of the arena; a player is 52 of them across. */
export const ARENA_WIDTH = 1_600;
export const ARENA_HEIGHT = 1_000;

export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** What stands in the way. */
export const PILLARS: readonly Circle[] = [
  { x: 800, y: 500, radius: 92 },
  { x: 380, y: 300, radius: 58 },
  { x: 1_220, y: 300, radius: 58 },
  { x: 380, y: 700, radius: 58 },
  { x: 1_220, y: 700, radius: 58 },
  { x: 800, y: 150, radius: 38 },
  { x: 800, y: 850, radius: 38 },
];
