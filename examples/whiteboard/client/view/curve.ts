import { POINT_SIZE } from '../../shared/ink.ts';

/** Pressure of a mouse, for which a line is exactly as wide as its pen. */
const USUAL_PRESSURE = 128;

interface Curve {
  readonly width: number;
  readonly points: readonly number[];
}

/**
 * Draws a line through its points: a quadratic curve from the middle of one step to the middle of the next, bent towards the
 * point between, so that no corner shows however coarse the points are. Pressure changes its width as it goes.
 */
export function drawCurve(context: CanvasRenderingContext2D, { width, points }: Curve, colour: string): void {
  const count = points.length / POINT_SIZE;
  const x = (index: number): number => points[index * POINT_SIZE] as number;
  const y = (index: number): number => points[index * POINT_SIZE + 1] as number;
  const middle = (left: number, right: number): number => (left + right) / 2;
  context.strokeStyle = colour;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.lineWidth = widthAt(width, points[2]);
  context.beginPath();
  context.moveTo(x(0), y(0));
  // A line of no length is drawn as a dot by its round caps.
  if (count === 1) context.lineTo(x(0), y(0));
  for (let index = 1; index < count; index++) {
    const lineWidth = widthAt(width, points[index * POINT_SIZE + 2]);
    if (lineWidth !== context.lineWidth) {
      context.stroke();
      context.beginPath();
      context.moveTo(middle(x(Math.max(0, index - 2)), x(index - 1)), middle(y(Math.max(0, index - 2)), y(index - 1)));
      context.lineWidth = lineWidth;
    }
    const [endX, endY] = [middle(x(index - 1), x(index)), middle(y(index - 1), y(index))];
    context.quadraticCurveTo(x(index - 1), y(index - 1), endX, endY);
  }
  context.lineTo(x(count - 1), y(count - 1));
  context.stroke();
}

/** In quarters of a unit, so that neighbours of nearly one pressure are one path. */
function widthAt(width: number, pressure: number = USUAL_PRESSURE): number {
  return Math.max(0.25, Math.round(width * (0.4 + (0.6 * pressure) / USUAL_PRESSURE) * 4) / 4);
}
