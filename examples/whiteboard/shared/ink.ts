/** Inks by name: what each looks like is up to the theme of whoever looks. */
export const COLOURS = ['ink', 'red', 'orange', 'green', 'blue', 'violet'] as const;
export type Colour = (typeof COLOURS)[number];

/** Widths of the pens, in units of the board. */
export const WIDTHS = [3, 7, 16] as const;
export type Width = (typeof WIDTHS)[number];

/** Numbers of one point in `points`: `x`, `y` in units of the board, and the pressure from 0 to 255. */
export const POINT_SIZE = 3;

/** Most points of one stroke; a longer line goes on in another. */
export const MAX_STROKE_POINTS = 1_000;

/** Most points of one board, so that nobody's snapshot is above a megabyte. */
export const MAX_BOARD_POINTS = 60_000;

/** No point lies further from the middle, in units of the board. */
export const MAX_COORDINATE = 100_000;

/** A line somebody has drawn. */
export interface Stroke {
  /** Chosen by who draws it: sending it again after a doubtful failure never draws it twice. */
  readonly id: string;
  /** Public id of who drew it. */
  readonly by: string;
  readonly colour: Colour;
  readonly width: Width;
  /** Flat, `[x, y, pressure, x, …]`: a tenth of the objects, and of the text on the wire. */
  readonly points: readonly number[];
}

/** The board belongs to whoever drew what is oldest on it: nobody's while it is empty. */
export function ownerOf(strokes: Iterable<Stroke>): string | null {
  for (const { by } of strokes) return by;
  return null;
}
