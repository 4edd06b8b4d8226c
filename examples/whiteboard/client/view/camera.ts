export interface Point {
  readonly x: number;
  readonly y: number;
}

const MIN_ZOOM = 0.15;
const MAX_ZOOM = 6;

/** Which part of the board shows. Screen points are CSS pixels from the top left, board points its own units. */
export class Camera {
  /** CSS pixels of one unit. */
  zoom: number = 1;
  /** Size of the screen in CSS pixels. */
  width: number = 1;
  height: number = 1;
  /** What is in the middle of the screen. */
  #middle: Point = { x: 0, y: 0 };

  toBoard({ x, y }: Point): Point {
    return {
      x: (x - this.width / 2) / this.zoom + this.#middle.x,
      y: (y - this.height / 2) / this.zoom + this.#middle.y,
    };
  }

  toScreen({ x, y }: Point): Point {
    return {
      x: (x - this.#middle.x) * this.zoom + this.width / 2,
      y: (y - this.#middle.y) * this.zoom + this.height / 2,
    };
  }

  /** Moves what shows, as a hand moves paper. */
  pan(dx: number, dy: number): void {
    this.#middle = { x: this.#middle.x - dx / this.zoom, y: this.#middle.y - dy / this.zoom };
  }

  /** What is under `at` stays under it. */
  zoomAt(at: Point, factor: number): void {
    const before = this.toBoard(at);
    this.zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, this.zoom * factor));
    const after = this.toBoard(at);
    this.#middle = { x: this.#middle.x + before.x - after.x, y: this.#middle.y + before.y - after.y };
  }

  /** Shows all of these, no larger than life; the beginning where there is nothing. */
  fit(points: Iterable<Point>): void {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of points) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
    const isEmpty = left > right;
    this.#middle = isEmpty ? { x: 0, y: 0 } : { x: (left + right) / 2, y: (top + bottom) / 2 };
    const zoom = Math.min((0.86 * this.width) / (right - left), (this.height - 200) / (bottom - top), 1);
    this.zoom = isEmpty ? 1 : Math.max(MIN_ZOOM, zoom);
  }

  /** Makes a context draw in units of the board. */
  apply(context: CanvasRenderingContext2D, pixelRatio: number): void {
    const scale = this.zoom * pixelRatio;
    const { x, y } = this.toScreen({ x: 0, y: 0 });
    context.setTransform(scale, 0, 0, scale, x * pixelRatio, y * pixelRatio);
  }
}
