/** A canvas as sharp as the screen it is on. */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** Pixels of the screen for one CSS pixel. */
  pixelRatio: number = 1;

  /** `onResize` is called whenever it has become empty: at first, when its size changes, and on another screen. */
  constructor(canvas: HTMLCanvasElement, onResize: () => void) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser has no canvas');
    this.canvas = canvas;
    this.context = context;
    const resize = (): void => {
      this.pixelRatio = devicePixelRatio;
      canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
      canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
      onResize();
    };
    new ResizeObserver(resize).observe(canvas);
    this.#onPixelRatioChange(resize);
  }

  clear(): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** A window that is moved to another screen, or zoomed, may keep its size. */
  #onPixelRatioChange(listener: () => void): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener(
      'change',
      () => {
        listener();
        this.#onPixelRatioChange(listener);
      },
      { once: true },
    );
  }
}
