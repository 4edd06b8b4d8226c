import type { Input } from '../shared/rules.ts';
import { TICK_MS } from '../shared/rules.ts';
import { decodeSnapshot, type PlayerState, type Snapshot } from '../shared/snapshot.ts';
import { type Control, readControls } from './controls/controls.ts';
import { Keyboard } from './controls/keyboard.ts';
import { Touch } from './controls/touch.ts';
import { Interpolation } from './interpolation.ts';
import { Names } from './names.ts';
import { Prediction } from './prediction.ts';
import { Seat } from './seat.ts';
import { Traffic } from './traffic.ts';
import { Announcer } from './view/announcer.ts';
import { find } from './view/dom.ts';
import { Effects } from './view/effects.ts';
import { Leaderboard } from './view/leaderboard.ts';
import { NetPanel } from './view/net-panel.ts';
import { Renderer } from './view/renderer.ts';
import { Theme } from './view/theme.ts';
import type { Wire } from './wire.ts';

/** Ticks that are made up for after a frame took long; more are let go. */
const MAX_CATCH_UP = 4;

/** The game of one player in this page: inputs go out, snapshots come in, and every frame shows where both have got to. */
export class Game {
  readonly #wire: Wire;
  readonly #me: number;
  readonly #seat: Seat;
  readonly #controls: readonly Control[] = [new Keyboard(), new Touch()];
  readonly #prediction: Prediction = new Prediction();
  readonly #interpolation: Interpolation = new Interpolation();
  readonly #names: Names = new Names();
  readonly #traffic: Traffic = new Traffic();
  readonly #theme: Theme = new Theme();
  readonly #effects: Effects = new Effects(this.#theme);
  readonly #renderer: Renderer = new Renderer(this.#theme, this.#effects);
  readonly #leaderboard: Leaderboard = new Leaderboard(this.#names);
  readonly #announcer: Announcer = new Announcer();
  readonly #netPanel: NetPanel = new NetPanel();
  #refusal = '';
  /** Our player is steered elsewhere: here it is one of the others. */
  #isReplaced = false;
  #seq = 0;
  #lastFrameMs: number = performance.now();
  /** Time that has passed since the last tick. */
  #restMs = 0;

  constructor(wire: Wire, me: { readonly player: number; readonly name: string }) {
    this.#wire = wire;
    this.#me = me.player;
    this.#seat = new Seat(wire, ({ code, message }) => {
      this.#isReplaced ||= code === 'PLAYS_ELSEWHERE';
      this.#refusal = this.#isReplaced ? 'You play in another tab now.' : `You only watch: ${message}.`;
    });
    const arena = wire.api.state.subscribe();
    arena.on('event', (bytes) => {
      this.#traffic.add(bytes.length, performance.now());
      this.#receive(decodeSnapshot(bytes));
    });
    arena.presence.update({ name: me.name });
    arena.presence.on('sync', () => this.#names.update(arena.presence));
    requestAnimationFrame((nowMs) => this.#frame(nowMs));
  }

  #receive(snapshot: Snapshot): void {
    const before = this.#interpolation.latest;
    if (before !== null) this.#effects.compare(before, snapshot);
    this.#interpolation.add(snapshot, performance.now());
    const mine = snapshot.players.find(({ id }) => id === this.#me);
    if (mine === undefined || this.#isReplaced) this.#prediction.leave();
    else this.#prediction.reconcile(mine, mine.ack);
  }

  #frame(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#lastFrameMs);
    this.#lastFrameMs = nowMs;
    this.#restMs = Math.min(this.#restMs + elapsedMs, MAX_CATCH_UP * TICK_MS);
    for (; this.#restMs >= TICK_MS; this.#restMs -= TICK_MS) this.#tick();
    this.#draw(nowMs, elapsedMs);
    requestAnimationFrame((nextMs) => this.#frame(nextMs));
  }

  #tick(): void {
    // Nobody would confirm where we went.
    if (this.#wire.status.state !== 'open') return;
    const { x, y, dash } = readControls(this.#controls);
    const input: Input = { seq: ++this.#seq, x: Math.round(x * 100), y: Math.round(y * 100), dash };
    this.#prediction.apply(input);
    this.#seat.steer(input);
    if (x !== 0 || y !== 0) find('help', HTMLElement).hidden = true;
  }

  #draw(nowMs: number, elapsedMs: number): void {
    const { latest } = this.#interpolation;
    const place = this.#prediction.placeAt(this.#restMs / TICK_MS);
    const players = this.#interpolation.playersAt(nowMs).map((player) => this.#asSeen(player, place));
    const leader = findLeader(latest?.players ?? []);
    const scene = {
      players: players.map((state) => ({
        state,
        name: this.#names.of(state.id),
        isMe: state.id === this.#me,
        isLeader: state.id === leader,
      })),
      coins: latest?.coins ?? [],
      focus: place ?? { x: 800, y: 500 },
    };
    this.#renderer.draw(scene, nowMs, elapsedMs);
    this.#leaderboard.show(latest?.players ?? [], this.#me);
    const winner = latest?.winner ?? 0;
    this.#announcer.winner(winner === 0 ? '' : winner === this.#me ? 'You win!' : `${this.#names.of(winner)} wins!`);
    this.#announcer.connection(this.#wire.status, place === null ? this.#refusal : '');
    const { messages, bytes } = this.#traffic.perSecond(performance.now());
    this.#netPanel.show(nowMs, {
      latencyMs: this.#wire.status.latencyMs,
      unconfirmed: this.#prediction.pending,
      correction: this.#prediction.lastCorrection,
      snapshotsPerSecond: messages,
      bytesPerSecond: bytes,
    });
  }

  /** We ourselves are where we have predicted to be, the others where they were a moment ago. */
  #asSeen(player: PlayerState, place: { readonly x: number; readonly y: number } | null): PlayerState {
    const { body } = this.#prediction;
    if (player.id !== this.#me || body === null || place === null) return player;
    return { ...player, ...body, ...place };
  }
}

/** Who has most coins, when that is one. */
function findLeader(players: readonly PlayerState[]): number | null {
  const [first, second] = [...players].sort((left, right) => right.score - left.score);
  return first !== undefined && first.score > (second?.score ?? 0) ? first.id : null;
}
