import { find } from '../view/dom.ts';
import type { Control, Wish } from './controls.ts';

/** How far a thumb goes for full speed, in CSS pixels. */
const REACH = 56;

/** A stick under the left thumb, which begins where it touches, and a button under the right one. */
export class Touch implements Control {
  readonly #stick: HTMLElement = find('stick', HTMLElement);
  #start: { readonly id: number; readonly x: number; readonly y: number } | null = null;
  #direction: { readonly x: number; readonly y: number } = { x: 0, y: 0 };
  #isDashAsked = false;

  constructor() {
    const pad = find('pad', HTMLElement);
    pad.addEventListener('pointerdown', (event) => this.#down(pad, event));
    pad.addEventListener('pointermove', (event) => this.#move(event));
    pad.addEventListener('pointerup', (event) => this.#up(event));
    pad.addEventListener('pointercancel', (event) => this.#up(event));
    find('dash', HTMLElement).addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#isDashAsked = true;
    });
  }

  read(): Wish {
    const dash = this.#isDashAsked;
    this.#isDashAsked = false;
    return { ...this.#direction, dash };
  }

  #down(pad: HTMLElement, { pointerId, clientX, clientY }: PointerEvent): void {
    if (this.#start !== null) return;
    pad.setPointerCapture(pointerId);
    this.#start = { id: pointerId, x: clientX, y: clientY };
    this.#stick.hidden = false;
    this.#stick.style.left = `${clientX}px`;
    this.#stick.style.top = `${clientY}px`;
    this.#point(0, 0);
  }

  #move({ pointerId, clientX, clientY }: PointerEvent): void {
    if (this.#start?.id !== pointerId) return;
    const [dx, dy] = [clientX - this.#start.x, clientY - this.#start.y];
    const scale = Math.max(REACH, Math.hypot(dx, dy));
    this.#point(dx / scale, dy / scale);
  }

  #up({ pointerId }: PointerEvent): void {
    if (this.#start?.id !== pointerId) return;
    this.#start = null;
    this.#stick.hidden = true;
    this.#point(0, 0);
  }

  #point(x: number, y: number): void {
    this.#direction = { x, y };
    this.#stick.style.setProperty('--x', String(x));
    this.#stick.style.setProperty('--y', String(y));
  }
}
