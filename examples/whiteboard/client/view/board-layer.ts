import type { Stroke } from '../../shared/ink.ts';
import type { Camera } from './camera.ts';
import { drawCurve } from './curve.ts';
import { find } from './dom.ts';
import { Surface } from './surface.ts';
import type { Theme } from './theme.ts';

/** Distance of the dots of the paper, in units of the board. */
const GRID = 32;

/** The paper and the lines on it. A line more is drawn over what is there; anything else draws all of it again. */
export class BoardLayer {
  readonly #surface: Surface;
  readonly #camera: Camera;
  readonly #theme: Theme;
  #shown: readonly Stroke[] | null = null;

  constructor(camera: Camera, theme: Theme, onResize: () => void) {
    this.#camera = camera;
    this.#theme = theme;
    this.#surface = new Surface(find('board', HTMLCanvasElement), () => {
      const { clientWidth, clientHeight } = this.#surface.canvas;
      camera.width = clientWidth;
      camera.height = clientHeight;
      this.invalidate();
      onResize();
    });
  }

  /** What is drawn does not hold any more: the camera has moved, or the theme has changed. */
  invalidate(): void {
    this.#shown = null;
  }

  show(strokes: readonly Stroke[]): void {
    const shown = this.#shown;
    const isMore = shown?.every(({ id }, index) => id === strokes[index]?.id) ?? false;
    this.#shown = strokes;
    if (!isMore) this.#drawPaper();
    this.#camera.apply(this.#surface.context, this.#surface.pixelRatio);
    for (const stroke of strokes.slice(isMore ? shown?.length : 0)) {
      drawCurve(this.#surface.context, stroke, this.#theme.ink(stroke.colour));
    }
  }

  #drawPaper(): void {
    const { context, pixelRatio } = this.#surface;
    const camera = this.#camera;
    this.#surface.clear();
    // Far away the dots would be a grey: there are fewer, then.
    const step = GRID * 2 ** Math.max(0, Math.ceil(Math.log2(14 / (GRID * camera.zoom))));
    const start = camera.toBoard({ x: 0, y: 0 });
    const end = camera.toBoard({ x: camera.width, y: camera.height });
    context.fillStyle = this.#theme.dots;
    const size = Math.round(1.5 * pixelRatio);
    for (let x = Math.ceil(start.x / step) * step; x < end.x; x += step) {
      for (let y = Math.ceil(start.y / step) * step; y < end.y; y += step) {
        const at = camera.toScreen({ x, y });
        context.fillRect(Math.round(at.x * pixelRatio), Math.round(at.y * pixelRatio), size, size);
      }
    }
  }
}
