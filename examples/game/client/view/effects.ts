import type { Snapshot } from '../../shared/snapshot.ts';
import { drawDisc } from './floor.ts';
import type { Theme } from './theme.ts';

interface Spark {
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** From 1 to 0. */
  life: number;
  readonly colour: string;
}

const MAX_SPARKS = 250;

/** Sparks where a coin was taken and where somebody was hit: read from what changed between two snapshots. */
export class Effects {
  readonly #theme: Theme;
  #sparks: Spark[] = [];

  constructor(theme: Theme) {
    this.#theme = theme;
  }

  compare(before: Snapshot, now: Snapshot): void {
    const left = new Set(now.coins.map(({ id }) => id));
    // A new round takes all of them away, which is nothing to see.
    const isNewRound = before.winner !== now.winner && now.winner === 0;
    for (const { id, x, y } of isNewRound ? [] : before.coins) {
      if (!left.has(id)) this.#burst(x, y, 8, 3.2, this.#theme.paint('coin'));
    }
    for (const player of now.players) {
      const was = before.players.find(({ id }) => id === player.id);
      if (was !== undefined && was.stun === 0 && player.stun > 0) {
        this.#burst(player.x, player.y, 18, 7, this.#theme.player(player.colour));
      }
    }
  }

  draw(context: CanvasRenderingContext2D, elapsedMs: number): void {
    const ticks = elapsedMs / 33;
    for (const spark of this.#sparks) {
      spark.life -= 0.055 * ticks;
      spark.x += spark.vx * ticks;
      spark.y += spark.vy * ticks;
      context.globalAlpha = Math.max(0, spark.life);
      drawDisc(context, spark.colour, spark.x, spark.y, 2 + 5 * Math.max(0, spark.life));
    }
    context.globalAlpha = 1;
    this.#sparks = this.#sparks.filter(({ life }) => life > 0).slice(-MAX_SPARKS);
  }

  #burst(x: number, y: number, count: number, speed: number, colour: string): void {
    for (let index = 0; index < count; index++) {
      const angle = Math.random() * 2 * Math.PI;
      const pace = speed * (0.4 + Math.random());
      this.#sparks.push({ x, y, vx: Math.cos(angle) * pace, vy: Math.sin(angle) * pace, life: 1, colour });
    }
  }
}
