import { ARENA_HEIGHT, ARENA_WIDTH, PILLARS } from '../shared/map.ts';
import { PLAYER_RADIUS } from '../shared/rules.ts';
import type { Coin } from '../shared/snapshot.ts';

/** Coins that lie about by themselves, and the most that do after a fight. */
const USUAL_COINS = 18;
const MAX_COINS = 60;
/** Ticks from one coin to the next. */
const TICKS_PER_COIN = 12;
const MARGIN = 50;
const REACH = PLAYER_RADIUS + 16;

/** The coins on the floor. */
export class Coins {
  readonly #random: () => number;
  readonly #coins: Map<number, Coin> = new Map();
  #lastId = 0;
  #untilNext = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.refill();
  }

  get all(): Coin[] {
    return [...this.#coins.values()];
  }

  refill(): void {
    this.#coins.clear();
    for (let count = 0; count < USUAL_COINS; count++) this.#add(this.findPlace());
  }

  tick(): void {
    if (this.#coins.size >= USUAL_COINS) return;
    this.#untilNext--;
    if (this.#untilNext > 0) return;
    this.#untilNext = TICKS_PER_COIN;
    this.#add(this.findPlace());
  }

  /** Takes all within reach, and returns how many. */
  take(x: number, y: number): number {
    let taken = 0;
    for (const coin of this.#coins.values()) {
      if (Math.hypot(coin.x - x, coin.y - y) > REACH) continue;
      this.#coins.delete(coin.id);
      taken++;
    }
    return taken;
  }

  /** Lets coins fall around a place, out of reach of whoever stands there. */
  scatter(x: number, y: number, count: number): void {
    const turn = this.#random();
    for (let index = 0; index < count; index++) {
      const angle = 2 * Math.PI * (turn + index / count);
      const at = { x: x + 110 * Math.cos(angle), y: y + 110 * Math.sin(angle) };
      this.#add(isFree(at) ? at : this.findPlace());
    }
  }

  /** Somewhere on the floor, clear of walls and pillars. */
  findPlace(): { x: number; y: number } {
    for (;;) {
      const at = { x: this.#random() * ARENA_WIDTH, y: this.#random() * ARENA_HEIGHT };
      if (isFree(at)) return at;
    }
  }

  #add({ x, y }: { x: number; y: number }): void {
    if (this.#coins.size >= MAX_COINS) return;
    this.#lastId = (this.#lastId + 1) & 0xffff;
    this.#coins.set(this.#lastId, { id: this.#lastId, x: Math.round(x), y: Math.round(y) });
  }
}

function isFree({ x, y }: { x: number; y: number }): boolean {
  const isInside = x > MARGIN && x < ARENA_WIDTH - MARGIN && y > MARGIN && y < ARENA_HEIGHT - MARGIN;
  return isInside && PILLARS.every((pillar) => Math.hypot(pillar.x - x, pillar.y - y) > pillar.radius + MARGIN);
}
