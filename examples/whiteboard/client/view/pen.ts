import type { Camera, Point } from './camera.ts';

/** A point of a line, in units of the board, with the pressure from 0 to 255. */
export interface PenPoint extends Point {
  readonly pressure: number;
}

export interface PenListener {
  begin(point: PenPoint): void;
  draw(points: readonly PenPoint[]): void;
  end(): void;
  /** It was no line after all, but the beginning of a gesture. */
  cancel(): void;
  /** Where the pointer is, drawing or not; `null` when it has left. */
  hover(point: Point | null): void;
  /** The camera has moved. */
  moved(): void;
}

/** Pressure of a finger or a mouse, which have none. */
const USUAL_PRESSURE = 128;

/**
 * Makes lines and gestures of pointer events. A mouse, a finger or a pen draws; two fingers, the middle button or the space bar
 * move the board. Once there is a pen, fingers only move it: the hand that holds it lies on the screen.
 */
export class Pen {
  readonly #canvas: HTMLCanvasElement;
  readonly #camera: Camera;
  readonly #listener: PenListener;
  readonly #fingers: Map<number, Point> = new Map();
  #drawing: number | null = null;
  #panning: number | null = null;
  #hasStylus = false;
  #isSpaceDown = false;

  constructor(canvas: HTMLCanvasElement, camera: Camera, listener: PenListener) {
    this.#canvas = canvas;
    this.#camera = camera;
    this.#listener = listener;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#up(event));
    canvas.addEventListener('pointercancel', (event) => this.#up(event));
    canvas.addEventListener('pointerleave', () => listener.hover(null));
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    addEventListener('keydown', (event) => this.#space(event, true));
    addEventListener('keyup', (event) => this.#space(event, false));
    addEventListener('blur', () => {
      this.#isSpaceDown = false;
    });
  }

  #down(event: PointerEvent): void {
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    const isTouch = event.pointerType === 'touch';
    this.#hasStylus ||= event.pointerType === 'pen';
    if (isTouch) this.#fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (this.#fingers.size > 1 && this.#drawing !== null) {
      this.#drawing = null;
      this.#listener.cancel();
    } else if (event.button === 1 || this.#isSpaceDown) {
      this.#panning = event.pointerId;
    } else if (
      event.button === 0 &&
      this.#drawing === null &&
      this.#fingers.size < 2 &&
      !(isTouch && this.#hasStylus)
    ) {
      this.#drawing = event.pointerId;
      this.#listener.begin(this.#pointOf(event));
    }
  }

  #move(event: PointerEvent): void {
    const finger = this.#fingers.get(event.pointerId);
    if (event.pointerId === this.#drawing) {
      // The screen is slower than the hand: what happened since the last frame comes as one event that holds several.
      const coalesced = event.getCoalescedEvents();
      this.#listener.draw((coalesced.length > 0 ? coalesced : [event]).map((part) => this.#pointOf(part)));
    } else if (event.pointerId === this.#panning) {
      this.#camera.pan(event.movementX, event.movementY);
      this.#listener.moved();
    } else if (finger !== undefined) {
      this.#gesture(event, finger);
    }
    if (event.pointerType !== 'touch' || event.pointerId === this.#drawing) {
      this.#listener.hover(this.#camera.toBoard({ x: event.offsetX, y: event.offsetY }));
    }
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId === this.#panning) this.#panning = null;
    if (event.pointerId === this.#drawing) {
      this.#drawing = null;
      this.#listener.end();
    }
    if (event.pointerType === 'touch') this.#listener.hover(null);
  }

  /** One finger of two or more has moved: the middle between it and another moves the board, their distance zooms. */
  #gesture(event: PointerEvent, before: Point): void {
    const now = { x: event.offsetX, y: event.offsetY };
    this.#fingers.set(event.pointerId, now);
    const [id, other] = [...this.#fingers].find(([finger]) => finger !== event.pointerId) ?? [null, before];
    const share = id === null ? 1 : 1 / 2;
    this.#camera.pan((now.x - before.x) * share, (now.y - before.y) * share);
    if (id !== null) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      this.#camera.zoomAt(middle, distance(now, other) / Math.max(1, distance(before, other)));
    }
    this.#listener.moved();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // A pinch on a touchpad comes as a wheel with the control key.
    if (event.ctrlKey || event.metaKey) {
      this.#camera.zoomAt({ x: event.offsetX, y: event.offsetY }, Math.exp(-event.deltaY / 200));
    } else {
      this.#camera.pan(-event.deltaX, -event.deltaY);
    }
    this.#listener.moved();
  }

  #space(event: KeyboardEvent, isDown: boolean): void {
    if (event.code !== 'Space' || event.target instanceof HTMLInputElement) return;
    this.#isSpaceDown = isDown;
  }

  #pointOf({ offsetX, offsetY, pointerType, pressure }: PointerEvent): PenPoint {
    const { x, y } = this.#camera.toBoard({ x: offsetX, y: offsetY });
    return { x, y, pressure: pointerType === 'pen' ? Math.round(pressure * 255) : USUAL_PRESSURE };
  }
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
