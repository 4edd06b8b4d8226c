import { type Body, type Input, step } from '../shared/rules.ts';

/** Inputs kept for being used again: more than four seconds that nobody has confirmed are a lost connection. */
const MAX_PENDING = 120;

/** A correction that is larger, in units, is shown at once: a hit, a new place. */
const MAX_SMOOTHED = 140;

/** Part of a correction that still shows after one tick. */
const SMOOTHING = 0.8;

export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Our own player, ahead of the server: each input moves it at once. When the server says where it was after an input, the
 * inputs since are used again from there. Usually that gives the same place; a difference is glided over.
 */
export class Prediction {
  #body: Body | null = null;
  #before: Body | null = null;
  #pending: Input[] = [];
  #error: Place = { x: 0, y: 0 };
  #lastCorrection = 0;

  get body(): Body | null {
    return this.#body;
  }

  /** Inputs that the server has not confirmed. */
  get pending(): number {
    return this.#pending.length;
  }

  /** How far the last prediction was off, in units. */
  get lastCorrection(): number {
    return this.#lastCorrection;
  }

  apply(input: Input): void {
    if (this.#body === null) return;
    this.#before = this.#body;
    this.#body = step(this.#body, input);
    this.#pending = [...this.#pending, input].slice(-MAX_PENDING);
    this.#error = { x: this.#error.x * SMOOTHING, y: this.#error.y * SMOOTHING };
  }

  /** What the server says: our body after the input number `ack`. */
  reconcile(body: Body, ack: number): void {
    this.#pending = this.#pending.filter(({ seq }) => seq > ack);
    const shown = this.#body;
    let [before, now] = [body, body];
    for (const input of this.#pending) [before, now] = [now, step(now, input)];
    this.#before = before;
    this.#body = now;
    if (shown === null) return;
    const off = { x: shown.x - now.x, y: shown.y - now.y };
    this.#lastCorrection = Math.hypot(off.x, off.y);
    const error = { x: this.#error.x + off.x, y: this.#error.y + off.y };
    this.#error = Math.hypot(error.x, error.y) > MAX_SMOOTHED ? { x: 0, y: 0 } : error;
  }

  /** We are not in the arena. */
  leave(): void {
    this.#body = null;
    this.#before = null;
    this.#pending = [];
  }

  /** Where to draw it: `part` of the way from the tick before to this one, so that it moves with every frame. */
  placeAt(part: number): Place | null {
    const [before, now] = [this.#before, this.#body];
    if (before === null || now === null) return null;
    return {
      x: before.x + (now.x - before.x) * part + this.#error.x,
      y: before.y + (now.y - before.y) * part + this.#error.y,
    };
  }
}
