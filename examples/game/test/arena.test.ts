import { describe, expect, it } from 'vitest';
import { Prediction } from '../client/prediction.ts';
import { Arena } from '../server/arena.ts';
import { COINS_TO_WIN, MAX_PLAYERS } from '../shared/match.ts';
import { DASH_TICKS, type Input, STUN_TICKS } from '../shared/rules.ts';
import { decodeSnapshot, encodeSnapshot, type PlayerState, type Snapshot } from '../shared/snapshot.ts';

const ANN = 5_000;
const BEN = 6_000;

function find({ players }: Snapshot, id: number): PlayerState {
  const player = players.find((candidate) => candidate.id === id);
  if (player === undefined) throw new Error(`player ${id} is not in the arena`);
  return player;
}

function towards(seq: number, from: PlayerState, to: { readonly x: number; readonly y: number }, dash = false): Input {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const scale = 100 / Math.max(1, Math.hypot(dx, dy));
  return { seq, x: Math.round(dx * scale), y: Math.round(dy * scale), dash };
}

describe('the arena', () => {
  it('moves a player once for each input, and says which it has used', () => {
    const arena = new Arena({ seed: 1, minPlayers: 0 });
    arena.enter(ANN);
    const before = find(arena.snapshot, ANN);
    arena.tick();
    expect(find(arena.snapshot, ANN)).toMatchObject({ x: before.x, y: before.y, ack: 0 });
    arena.steer(ANN, [{ seq: 1, x: 100, y: 0, dash: false }]);
    arena.tick();
    expect(find(arena.snapshot, ANN).ack).toBe(1);
    expect(find(arena.snapshot, ANN).vx).toBeGreaterThan(0);
  });

  it('gives nobody more ticks than have passed, however many inputs they send', () => {
    const arena = new Arena({ seed: 1, minPlayers: 0 });
    arena.enter(ANN);
    let seq = 0;
    let used = 0;
    for (let tick = 1; tick <= 60; tick++) {
      arena.steer(
        ANN,
        Array.from({ length: 8 }, () => ({ seq: ++seq, x: 10, y: 0, dash: false })),
      );
      const { ack } = find(arena.snapshot, ANN);
      arena.tick();
      if (find(arena.snapshot, ANN).ack > ack) used++;
    }
    expect(used).toBe(60);
    // One input more for each tick: the rest were thrown away, the oldest first.
    expect(find(arena.snapshot, ANN).vx).toBeLessThan(2);
  });

  it('ignores inputs that came before', () => {
    const arena = new Arena({ seed: 1, minPlayers: 0 });
    arena.enter(ANN);
    arena.steer(ANN, [{ seq: 5, x: 0, y: 0, dash: false }]);
    arena.steer(ANN, [{ seq: 5, x: 100, y: 0, dash: false }]);
    arena.tick();
    arena.tick();
    expect(find(arena.snapshot, ANN).vx).toBe(0);
  });

  it('takes out who is idle for five seconds, and has them back when they steer', () => {
    const arena = new Arena({ seed: 1, minPlayers: 0 });
    arena.enter(ANN);
    for (let tick = 0; tick < 30; tick++) arena.tick();
    expect(find(arena.snapshot, ANN).isIdle).toBe(true);
    for (let tick = 0; tick < 130; tick++) arena.tick();
    expect(arena.snapshot.players).toEqual([]);
    arena.steer(ANN, [{ seq: 900, x: 0, y: 0, dash: false }]);
    expect(arena.snapshot.players).toHaveLength(1);
  });

  it('is full at some point, and says so', () => {
    const arena = new Arena({ seed: 1, minPlayers: 0 });
    for (let id = 0; id < MAX_PLAYERS; id++) expect(arena.enter(ANN + id)).toBe(true);
    expect(arena.enter(BEN)).toBe(false);
    expect(arena.enter(ANN)).toBe(true);
  });

  it('fills up with bots, which make room for people', () => {
    const arena = new Arena({ seed: 1, minPlayers: 4 });
    const bots = (): number => arena.snapshot.players.filter(({ isBot }) => isBot).length;
    arena.enter(ANN);
    expect(bots()).toBe(3);
    arena.enter(BEN);
    expect(bots()).toBe(2);
    arena.leave(BEN);
    expect(bots()).toBe(3);
  });

  it('is won by bots, celebrates them, and begins another round', () => {
    const arena = new Arena({ seed: 3, minPlayers: 4 });
    let ticks = 0;
    while (arena.snapshot.winner === 0 && ticks < 30_000) {
      arena.tick();
      ticks++;
    }
    const { winner } = arena.snapshot;
    expect(find(arena.snapshot, winner).score).toBeGreaterThanOrEqual(COINS_TO_WIN);
    while (arena.snapshot.winner !== 0) arena.tick();
    expect(arena.snapshot.players.every(({ score }) => score <= 1)).toBe(true);
  });

  it('knocks over whom somebody dashes into, and some coins out of them', () => {
    const arena = new Arena({ seed: 2, minPlayers: 0 });
    arena.enter(ANN);
    arena.enter(BEN);
    let seq = 0;
    const nearestCoin = (): { x: number; y: number } => {
      const ben = find(arena.snapshot, BEN);
      const distance = ({ x, y }: { x: number; y: number }): number => Math.hypot(x - ben.x, y - ben.y);
      return arena.snapshot.coins.reduce((near, coin) => (distance(coin) < distance(near) ? coin : near));
    };
    while (find(arena.snapshot, BEN).score < 2 && seq < 5_000) {
      seq++;
      arena.steer(BEN, [towards(seq, find(arena.snapshot, BEN), nearestCoin())]);
      arena.tick();
    }
    const coins = arena.snapshot.coins.length;
    while (find(arena.snapshot, BEN).stun === 0 && seq < 10_000) {
      seq++;
      const [ann, ben] = [find(arena.snapshot, ANN), find(arena.snapshot, BEN)];
      const isNear = Math.hypot(ann.x - ben.x, ann.y - ben.y) < DASH_TICKS * 20;
      arena.steer(ANN, [towards(seq, ann, ben, isNear)]);
      arena.tick();
    }
    expect(find(arena.snapshot, BEN)).toMatchObject({ stun: STUN_TICKS, score: 0 });
    expect(arena.snapshot.coins.length).toBeGreaterThanOrEqual(coins);
  });
});

describe('a snapshot', () => {
  it('crosses the wire as it is', () => {
    const arena = new Arena({ seed: 4, minPlayers: 4 });
    arena.enter(ANN);
    for (let tick = 0; tick < 200; tick++) arena.tick();
    expect(decodeSnapshot(encodeSnapshot(arena.snapshot))).toEqual(arena.snapshot);
  });
});

describe('a prediction', () => {
  it('is exactly what the server says later, so that nothing is corrected', () => {
    const arena = new Arena({ seed: 5, minPlayers: 0 });
    arena.enter(ANN);
    const prediction = new Prediction();
    prediction.reconcile(find(arena.snapshot, ANN), 0);
    const onTheWay: Input[] = [];
    for (let seq = 1; seq <= 300; seq++) {
      const input = {
        seq,
        x: Math.round(100 * Math.sin(seq / 9)),
        y: Math.round(100 * Math.cos(seq / 13)),
        dash: seq % 50 === 0,
      };
      prediction.apply(input);
      onTheWay.push(input);
      // The network holds eight of them.
      if (onTheWay.length > 8) arena.steer(ANN, [onTheWay.shift() as Input]);
      arena.tick();
      const state = find(decodeSnapshot(encodeSnapshot(arena.snapshot)), ANN);
      prediction.reconcile(state, state.ack);
      expect(prediction.lastCorrection).toBe(0);
    }
    expect(prediction.pending).toBe(8);
  });

  it('glides over a small difference, and jumps over a large one', () => {
    const arena = new Arena({ seed: 5, minPlayers: 0 });
    arena.enter(ANN);
    const state = find(arena.snapshot, ANN);
    const prediction = new Prediction();
    prediction.reconcile(state, 0);
    prediction.reconcile({ ...state, x: state.x + 10 }, 0);
    expect(prediction.placeAt(1)?.x).toBeCloseTo(state.x);
    prediction.apply({ seq: 1, x: 0, y: 0, dash: false });
    expect(prediction.placeAt(1)?.x).toBeGreaterThan(state.x);
    prediction.reconcile({ ...state, x: state.x + 400 }, 1);
    expect(prediction.placeAt(1)?.x).toBe(state.x + 400);
  });
});
