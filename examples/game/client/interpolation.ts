import { TICK_MS } from '../shared/rules.ts';
import type { PlayerState, Snapshot } from '../shared/snapshot.ts';

/** How far in the past the others are shown, in ticks: so much may the network delay a snapshot before anybody sees it. */
export const DELAY_TICKS = 3;

const MAX_SNAPSHOTS = 30;

/** Part by which the clock of the server is taken to be later when snapshots come later. */
const DRIFT = 0.02;

/** The others, between two snapshots: a little in the past, and so without a jerk. */
export class Interpolation {
  #snapshots: Snapshot[] = [];
  /** Local time of the server's tick 0, as the fastest snapshots tell. */
  #startMs: number | null = null;

  get latest(): Snapshot | null {
    return this.#snapshots.at(-1) ?? null;
  }

  add(snapshot: Snapshot, nowMs: number): void {
    // Another server counts from the beginning.
    if (snapshot.tick <= (this.latest?.tick ?? 0)) {
      this.#snapshots = [];
      this.#startMs = null;
    }
    this.#snapshots = [...this.#snapshots, snapshot].slice(-MAX_SNAPSHOTS);
    const startMs = nowMs - snapshot.tick * TICK_MS;
    const known = this.#startMs ?? startMs;
    this.#startMs = startMs < known ? startMs : known + (startMs - known) * DRIFT;
  }

  /** All players as they were shortly before `nowMs`. */
  playersAt(nowMs: number): PlayerState[] {
    const tick = (nowMs - (this.#startMs ?? nowMs)) / TICK_MS - DELAY_TICKS;
    const next = this.#snapshots.find((snapshot) => snapshot.tick > tick) ?? this.latest;
    const before = this.#snapshots.findLast((snapshot) => snapshot.tick <= tick) ?? next;
    if (before === null || next === null) return [];
    const part = next === before ? 1 : (tick - before.tick) / (next.tick - before.tick);
    return next.players.map((player) => {
      const from = before.players.find(({ id }) => id === player.id) ?? player;
      return { ...player, x: from.x + (player.x - from.x) * part, y: from.y + (player.y - from.y) * part };
    });
  }
}
