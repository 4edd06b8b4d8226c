import type { Stroke } from '../../shared/ink.ts';
import type { Camera, Point } from './camera.ts';
import { drawCurve } from './curve.ts';
import { find } from './dom.ts';
import { Surface } from './surface.ts';
import type { Theme } from './theme.ts';

export interface NamedCursor {
  readonly at: Point;
  readonly name: string;
  readonly hue: number;
}

/** The outline of a pointer whose tip is at 0, 0. */
const POINTER = new Path2D('M0 0 L0 16.5 L4.4 12.6 L7.4 19.2 L10.2 17.9 L7.3 11.5 L13 11 Z');

/** What changes with every frame, above the board: lines that are being drawn, and the pointers of the others. */
export class LiveLayer {
  readonly #surface: Surface;
  readonly #camera: Camera;
  readonly #theme: Theme;

  constructor(camera: Camera, theme: Theme, onResize: () => void) {
    this.#camera = camera;
    this.#theme = theme;
    this.#surface = new Surface(find('live', HTMLCanvasElement), onResize);
  }

  show(strokes: readonly Stroke[], cursors: readonly NamedCursor[]): void {
    const { context, pixelRatio } = this.#surface;
    this.#surface.clear();
    this.#camera.apply(context, pixelRatio);
    for (const stroke of strokes) drawCurve(context, stroke, this.#theme.ink(stroke.colour));
    context.font = '600 12px ui-sans-serif, system-ui, sans-serif';
    for (const cursor of cursors) this.#drawCursor(cursor);
  }

  #drawCursor({ at, name, hue }: NamedCursor): void {
    const { context, pixelRatio } = this.#surface;
    const { x, y } = this.#camera.toScreen(at);
    context.setTransform(pixelRatio, 0, 0, pixelRatio, x * pixelRatio, y * pixelRatio);
    context.fillStyle = this.#theme.person(hue);
    context.strokeStyle = 'white';
    context.lineWidth = 1.5;
    context.fill(POINTER);
    context.stroke(POINTER);
    context.beginPath();
    context.roundRect(12, 17, context.measureText(name).width + 14, 21, 7);
    context.fill();
    context.fillStyle = 'white';
    context.fillText(name, 19, 31.5);
  }
}
