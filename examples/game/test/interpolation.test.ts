import { expect, it } from 'vitest';
import { DELAY_TICKS, Interpolation } from '../client/interpolation.ts';
import { createBody, TICK_MS } from '../shared/rules.ts';
import type { Snapshot } from '../shared/snapshot.ts';

const START_MS = 10_000;

function snapshot(tick: number, x: number): Snapshot {
  const player = { ...createBody(x, 100), id: 1, ack: 0, score: 0, colour: 0, isIdle: false, isBot: false };
  return { tick, winner: 0, coins: [], players: [player] };
}

/** Local time at which the tick shows. */
const shownAt = (tick: number): number => START_MS + (tick + DELAY_TICKS) * TICK_MS;

it('shows a player between two snapshots where it was between them', () => {
  const interpolation = new Interpolation();
  for (const tick of [1, 2, 3, 4]) interpolation.add(snapshot(tick, tick * 10), START_MS + tick * TICK_MS);
  expect(interpolation.playersAt(shownAt(2))[0]?.x).toBeCloseTo(20);
  expect(interpolation.playersAt(shownAt(2.5))[0]?.x).toBeCloseTo(25);
});

it('stays with the last when no snapshot comes', () => {
  const interpolation = new Interpolation();
  for (const tick of [1, 2]) interpolation.add(snapshot(tick, tick * 10), START_MS + tick * TICK_MS);
  expect(interpolation.playersAt(shownAt(50))[0]?.x).toBe(20);
});

it('glides over snapshots that are missing', () => {
  const interpolation = new Interpolation();
  for (const tick of [1, 5]) interpolation.add(snapshot(tick, tick * 10), START_MS + tick * TICK_MS);
  expect(interpolation.playersAt(shownAt(3))[0]?.x).toBeCloseTo(30);
});

it('begins anew with a server that counts from the beginning', () => {
  const interpolation = new Interpolation();
  interpolation.add(snapshot(900, 10), START_MS);
  interpolation.add(snapshot(1, 77), START_MS + 5_000);
  expect(interpolation.latest?.tick).toBe(1);
  expect(interpolation.playersAt(START_MS + 5_000)[0]?.x).toBe(77);
});
