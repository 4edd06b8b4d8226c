import { expect, it } from 'vitest';
import { type Deadlined, DeadlineTimer, processDeadlines } from '../src/deadline-timer.ts';
import { ManualClock } from './manual-clock.ts';

class Item implements Deadlined {
  deadlineMs: number;
  readonly ticksAtMs: number[] = [];
  onTick: () => void = () => {
    this.deadlineMs = Number.POSITIVE_INFINITY;
  };
  readonly #clock: ManualClock;

  constructor(clock: ManualClock, deadlineMs: number) {
    this.#clock = clock;
    this.deadlineMs = deadlineMs;
  }

  tick(): void {
    this.ticksAtMs.push(this.#clock.nowMs);
    this.onTick();
  }
}

function setUp(): { clock: ManualClock; timer: DeadlineTimer } {
  const clock = new ManualClock();
  return { clock, timer: new DeadlineTimer(clock) };
}

it('calls each item at its deadline, with one timer for all', () => {
  const { clock, timer } = setUp();
  const items = [3_000, 1_000, 2_000].map((deadlineMs) => new Item(clock, deadlineMs));
  for (const item of items) timer.watch(item);
  expect(clock.size).toBe(1);
  clock.advance(10_000);
  expect(items.map(({ ticksAtMs }) => ticksAtMs)).toEqual([[3_000], [1_000], [2_000]]);
  expect(clock.size).toBe(0);
});

it('needs not be told when a deadline moves away or vanishes', () => {
  const { clock, timer } = setUp();
  const item = new Item(clock, 1_000);
  timer.watch(item);
  for (let count = 0; count < 100; count++) {
    item.deadlineMs = clock.nowMs + 1_000;
    timer.watch(item);
    clock.advance(500);
  }
  expect(item.ticksAtMs).toEqual([]);
  expect(clock.scheduled).toBeLessThanOrEqual(101);
  item.deadlineMs = Number.POSITIVE_INFINITY;
  clock.advance(1_000);
  expect(item.ticksAtMs).toEqual([]);
  expect(clock.size).toBe(0);
});

it('touches no timer for an item that has no deadline', () => {
  const { clock, timer } = setUp();
  timer.watch(new Item(clock, Number.POSITIVE_INFINITY));
  expect(clock.scheduled).toBe(0);
});

it('wakes at most every 50 ms', () => {
  const { clock, timer } = setUp();
  const item = new Item(clock, 10);
  item.onTick = () => {
    item.deadlineMs = clock.nowMs + 1;
  };
  timer.watch(item);
  clock.advance(500);
  expect(item.ticksAtMs.length).toBe(10);
});

it('forgets an item at once, and stops when it was the last', () => {
  const { clock, timer } = setUp();
  const [first, second] = [new Item(clock, 1_000), new Item(clock, 1_000)];
  timer.watch(first);
  timer.watch(second);
  timer.forget(first);
  expect(clock.size).toBe(1);
  timer.forget(second);
  expect(clock.size).toBe(0);
});

it('survives items that forget or watch others within their tick', () => {
  const { clock, timer } = setUp();
  const [first, second, third] = [new Item(clock, 100), new Item(clock, 100), new Item(clock, 200)];
  first.onTick = () => {
    first.deadlineMs = Number.POSITIVE_INFINITY;
    timer.forget(first);
    timer.forget(second);
    timer.watch(third);
  };
  timer.watch(first);
  timer.watch(second);
  clock.advance(1_000);
  expect([first, second, third].map(({ ticksAtMs }) => ticksAtMs)).toEqual([[100], [], [200]]);
});

it('of the process tells a time that does not go back', () => {
  const before = processDeadlines.now();
  expect(processDeadlines.now()).toBeGreaterThanOrEqual(before);
});
