import { BOT_NAMES, COINS_TO_WIN, MAX_PLAYERS } from '../shared/match.ts';
import { createBody, type Input, PLAYER_RADIUS, STUN_TICKS, toFloats } from '../shared/rules.ts';
import type { Snapshot } from '../shared/snapshot.ts';
import { thinkAsBot } from './bot.ts';
import { Coins } from './coins.ts';
import { Player } from './player.ts';
import { createRandom } from './random.ts';

/** Most coins that one hit knocks out of somebody. */
const COINS_PER_HIT = 4;
/** Ticks for which a winner is celebrated. */
const CELEBRATION_TICKS = 150;
const KNOCKBACK = 17;

export interface ArenaOptions {
  readonly seed: number;
  /** Players are at least this many: the rest are bots. */
  readonly minPlayers: number;
}

/** The game as the server knows it, which is as it is. Knows nothing of connections and clocks. */
export class Arena {
  readonly #players: Map<number, Player> = new Map();
  readonly #random: () => number;
  readonly #coins: Coins;
  readonly #minPlayers: number;
  #tick = 0;
  #winner = 0;
  #celebrationTicks = 0;

  constructor({ seed, minPlayers }: ArenaOptions) {
    this.#random = createRandom(seed);
    this.#coins = new Coins(this.#random);
    this.#minPlayers = Math.min(minPlayers, BOT_NAMES.length + 1);
    this.#balanceBots();
  }

  get snapshot(): Snapshot {
    return {
      tick: this.#tick,
      winner: this.#winner,
      players: [...this.#players.values()].map(({ state }) => state),
      coins: this.#coins.all,
    };
  }

  /** Somebody begins to steer: where they stand, or somewhere new. Returns false when there is no room. */
  enter(id: number): boolean {
    if (!this.#players.has(id) && this.#players.size >= MAX_PLAYERS) return false;
    this.#find(id).restart();
    return true;
  }

  /** Whoever was taken out because they were idle is back with their first input. */
  steer(id: number, inputs: readonly Input[]): void {
    if (this.#players.has(id) || this.#players.size < MAX_PLAYERS) this.#find(id).steer(inputs);
  }

  leave(id: number): void {
    this.#players.delete(id);
    this.#balanceBots();
  }

  tick(): void {
    this.#tick++;
    for (const player of [...this.#players.values()]) {
      if (player.isBot) player.steer([thinkAsBot(player.body, this.#coins.all, this.#tick, this.#random)]);
      player.move();
      if (player.isGone) this.leave(player.id);
    }
    this.#coins.tick();
    for (const player of this.#players.values()) {
      for (const other of this.#players.values()) this.#hit(player, other);
      const taken = this.#coins.take(player.body.x, player.body.y);
      if (this.#winner === 0) player.score += taken;
      if (this.#winner === 0 && player.score >= COINS_TO_WIN) this.#celebrate(player);
    }
    if (this.#winner !== 0 && --this.#celebrationTicks <= 0) this.#beginRound();
  }

  /** Whoever dashes into somebody knocks them over, and some coins out of them. */
  #hit(player: Player, other: Player): void {
    const [from, to] = [player.body, other.body];
    if (player === other || from.dash === 0 || to.stun > 0 || to.dash > 0) return;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const distance = Math.hypot(dx, dy);
    if (distance > 2 * PLAYER_RADIUS || distance === 0) return;
    const push = KNOCKBACK / distance;
    other.body = toFloats({ ...to, vx: dx * push, vy: dy * push, stun: STUN_TICKS });
    const lost = Math.min(COINS_PER_HIT, other.score);
    if (this.#winner !== 0 || lost === 0) return;
    other.score -= lost;
    this.#coins.scatter(to.x, to.y, lost);
  }

  #celebrate({ id }: Player): void {
    this.#winner = id;
    this.#celebrationTicks = CELEBRATION_TICKS;
  }

  #beginRound(): void {
    this.#winner = 0;
    this.#coins.refill();
    for (const player of this.#players.values()) player.score = 0;
  }

  #find(id: number): Player {
    const known = this.#players.get(id);
    if (known !== undefined) return known;
    const player = this.#add(id, false);
    this.#balanceBots();
    return player;
  }

  #add(id: number, isBot: boolean): Player {
    const { x, y } = this.#coins.findPlace();
    const taken = new Set([...this.#players.values()].map(({ colour }) => colour));
    let colour = 0;
    while (taken.has(colour)) colour++;
    const player = new Player({ id, colour, isBot }, createBody(x, y));
    this.#players.set(id, player);
    return player;
  }

  #balanceBots(): void {
    const people = [...this.#players.values()].filter(({ isBot }) => !isBot).length;
    const wanted = this.#minPlayers - Math.max(1, people);
    for (let id = 1; id <= BOT_NAMES.length; id++) {
      if (id > wanted) this.#players.delete(id);
      else if (!this.#players.has(id)) this.#add(id, true);
    }
  }
}
