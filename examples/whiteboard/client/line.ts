import { type Colour, MAX_COORDINATE, MAX_STROKE_POINTS, POINT_SIZE, type Stroke, type Width } from '../shared/ink.ts';
import { createId } from './identity.ts';
import type { PenPoint } from './view/pen.ts';

/** Points nearer to the one before, in CSS pixels, show nothing that the curve through the others would not. */
const MIN_STEP = 1.5;

/** The line that we are drawing. */
export class Line {
  readonly stroke: Stroke;
  readonly #points: number[] = [];

  constructor(by: string, colour: Colour, width: Width) {
    this.stroke = { id: createId(), by, colour, width, points: this.#points };
  }

  /** A line that is as long as may be goes on in another. */
  get isFull(): boolean {
    return this.#points.length >= MAX_STROKE_POINTS * POINT_SIZE;
  }

  /** `zoom`: a hand that draws far away is less exact. */
  add({ x, y, pressure }: PenPoint, zoom: number): void {
    const [lastX, lastY] = this.#points.slice(-POINT_SIZE);
    const isNear = lastX !== undefined && lastY !== undefined && Math.hypot(x - lastX, y - lastY) * zoom < MIN_STEP;
    if (!isNear && !this.isFull) this.#points.push(toUnits(x), toUnits(y), pressure);
  }

  get last(): PenPoint {
    const [x = 0, y = 0, pressure = 0] = this.#points.slice(-POINT_SIZE);
    return { x, y, pressure };
  }
}

function toUnits(value: number): number {
  return Math.round(Math.min(MAX_COORDINATE, Math.max(-MAX_COORDINATE, value)));
}
