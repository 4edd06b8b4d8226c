/**
 * Prepared frames that stand behind one another, each once however many connections are sent the same ones in the same
 * order: a run knows which frame came next the last time, and what it is when joined. Nothing of it ever changes, so
 * that all connections may write the same bytes.
 */
export class FrameRun {
  /** Bytes of all frames. */
  readonly length: number;
  readonly #frame: Uint8Array;
  readonly #before: FrameRun | null;
  #next: FrameRun | null = null;
  #joined: Uint8Array | null;

  constructor(frame: Uint8Array, before: FrameRun | null = null) {
    this.#frame = frame;
    this.#before = before;
    this.length = frame.length + (before?.length ?? 0);
    this.#joined = before === null ? frame : null;
  }

  /** This run with `frame` behind it. */
  with(frame: Uint8Array): FrameRun {
    const next = this.#next;
    if (next !== null && next.#frame === frame) return next;
    this.#next = new FrameRun(frame, this);
    return this.#next;
  }

  /** All frames in one piece; joined once. */
  get bytes(): Uint8Array {
    if (this.#joined === null) {
      this.#joined = Buffer.allocUnsafeSlow(this.length);
      this.copyTo(this.#joined, 0);
    }
    return this.#joined;
  }

  /** Copies all frames, the first to `start`. */
  copyTo(target: Uint8Array, start: number): void {
    let end = start + this.length;
    for (let run: FrameRun | null = this; run !== null; run = run.#before) {
      end -= run.#frame.length;
      target.set(run.#frame, end);
    }
  }
}
