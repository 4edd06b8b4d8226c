import type { Control, Wish } from './controls.ts';

/** By place on the keyboard and not by letter, so that WASD is where it should be on every layout. */
const LEFT = ['ArrowLeft', 'KeyA'];
const RIGHT = ['ArrowRight', 'KeyD'];
const UP = ['ArrowUp', 'KeyW'];
const DOWN = ['ArrowDown', 'KeyS'];
const DASH = ['Space', 'ShiftLeft', 'ShiftRight'];
const USED = new Set([...LEFT, ...RIGHT, ...UP, ...DOWN, ...DASH]);

export class Keyboard implements Control {
  readonly #held: Set<string> = new Set();
  #isDashAsked = false;

  constructor() {
    addEventListener('keydown', (event) => {
      if (!USED.has(event.code) || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (!event.repeat && DASH.includes(event.code)) this.#isDashAsked = true;
      this.#held.add(event.code);
    });
    addEventListener('keyup', ({ code }) => this.#held.delete(code));
    // Keys that are let go elsewhere say nothing here.
    addEventListener('blur', () => this.#held.clear());
  }

  read(): Wish {
    const isHeld = (codes: readonly string[]): number => Number(codes.some((code) => this.#held.has(code)));
    const dash = this.#isDashAsked;
    this.#isDashAsked = false;
    return { x: isHeld(RIGHT) - isHeld(LEFT), y: isHeld(DOWN) - isHeld(UP), dash };
  }
}
