import { z } from 'zod';
import { COLOURS, MAX_COORDINATE, MAX_STROKE_POINTS, POINT_SIZE, WIDTHS } from '../shared/ink.ts';

/** Name of a board: what can stand in an address without quoting. */
export const BoardName = z
  .string()
  .max(24)
  .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u, 'letters, digits, - and _');

/** What a person is called. */
export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(24)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');

export const StrokeId = z.string().min(1).max(40);

const Coordinate = z.number().int().min(-MAX_COORDINATE).max(MAX_COORDINATE);

const Points = z
  .array(Coordinate)
  .min(POINT_SIZE)
  .max(MAX_STROKE_POINTS * POINT_SIZE)
  .refine(({ length }) => length % POINT_SIZE === 0, 'points are x, y and pressure');

/** A stroke as its author sends it; who that is the server knows better. */
export const DrawnStroke = z.object({
  id: StrokeId,
  colour: z.literal(COLOURS),
  width: z.literal(WIDTHS),
  points: Points,
});

export const Stroke = DrawnStroke.extend({ by: z.string() });

/** What happens to a board. */
export const BoardEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('added'), stroke: Stroke }),
  z.object({ type: z.literal('removed'), id: StrokeId }),
  z.object({ type: z.literal('cleared'), by: z.string() }),
]);
export type BoardEvent = z.output<typeof BoardEvent>;

/** A line while it is drawn: the points since the last of these, the first of which is number `from`. */
export const Ink = Stroke.extend({ from: z.number().int().min(0).max(MAX_STROKE_POINTS) });
export type Ink = z.output<typeof Ink>;

/** Where somebody points at; `null` when the pointer has left the board. */
export const Cursor = z.object({
  by: z.string(),
  at: z.object({ x: Coordinate, y: Coordinate }).nullable(),
});
export type Cursor = z.output<typeof Cursor>;
