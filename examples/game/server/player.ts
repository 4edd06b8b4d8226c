import { type Body, type Input, step } from '../shared/rules.ts';
import type { PlayerState } from '../shared/snapshot.ts';

/** Inputs that may wait; of more the oldest go, and with them the time they would have taken. */
const MAX_WAITING = 8;
/** Ticks that a player may catch up on at once after a hiccup of the network. */
const MAX_BUDGET = 6;
/** Ticks without an input until a player shows as idle, and until they are taken out. */
const IDLE_TICKS = 20;
const GONE_TICKS = 150;

/**
 * One player. The body moves once for each input and not otherwise, so that the client's prediction is exact; and once for
 * each tick on average and no more, so that nobody gains by sending more.
 */
export class Player {
  readonly id: number;
  readonly colour: number;
  readonly isBot: boolean;
  body: Body;
  score: number = 0;
  #waiting: Input[] = [];
  #ack = 0;
  #budget = 0;
  #silentTicks = 0;

  constructor({ id, colour, isBot }: { id: number; colour: number; isBot: boolean }, body: Body) {
    this.id = id;
    this.colour = colour;
    this.isBot = isBot;
    this.body = body;
  }

  get isGone(): boolean {
    return this.#silentTicks > GONE_TICKS;
  }

  get state(): PlayerState {
    const { id, colour, isBot, body, score } = this;
    return { ...body, id, colour, isBot, score, ack: this.#ack, isIdle: this.#silentTicks > IDLE_TICKS };
  }

  /** Inputs that are not newer than those before are a mistake, and ignored. */
  steer(inputs: readonly Input[]): void {
    for (const input of inputs) {
      if (input.seq > (this.#waiting.at(-1)?.seq ?? this.#ack)) this.#waiting.push(input);
    }
    this.#waiting = this.#waiting.slice(-MAX_WAITING);
  }

  /** Another connection steers now, and counts from the beginning. */
  restart(): void {
    this.#waiting = [];
    this.#ack = 0;
  }

  move(): void {
    this.#budget = Math.min(MAX_BUDGET, this.#budget + 1);
    this.#silentTicks++;
    for (; this.#budget > 0; this.#budget--) {
      const input = this.#waiting.shift();
      if (input === undefined) return;
      this.body = step(this.body, input);
      this.#ack = input.seq;
      this.#silentTicks = 0;
    }
  }
}
