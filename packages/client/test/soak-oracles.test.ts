import type { Position } from '@typewire/core';
import { expect, it } from 'vitest';
import { EventWatch, type Tick } from '../soak/event-watch.ts';
import type { Entry, Outcome } from '../soak/ledger.ts';
import { compareLedgers } from '../soak/verdict.ts';
import type { Subscription, SubscriptionListeners } from '../src/index.ts';

const unknown: Outcome = { code: 'DISCONNECTED', delivery: 'unknown' };
const notSent: Outcome = { code: 'TIMEOUT', delivery: 'not-sent' };

interface LedgerRow {
  readonly name: string;
  readonly told: Outcome | null;
  readonly ranOn: readonly number[];
  readonly hasKey?: boolean;
  readonly violations: number;
}

it.each<LedgerRow>([
  { name: 'resolved and ran once', told: 'resolved', ranOn: [1], violations: 0 },
  { name: 'resolved and never ran', told: 'resolved', ranOn: [], violations: 1 },
  { name: 'resolved and ran twice', told: 'resolved', ranOn: [1, 1], violations: 1 },
  { name: 'resolved and ran on two servers', told: 'resolved', ranOn: [1, 2], violations: 1 },
  { name: 'with a key, ran on two servers', told: 'resolved', ranOn: [1, 2], hasKey: true, violations: 0 },
  { name: 'with a key, ran twice on one server', told: 'resolved', ranOn: [1, 1], hasKey: true, violations: 1 },
  { name: 'unknown and ran once', told: unknown, ranOn: [1], violations: 0 },
  { name: 'unknown and never ran', told: unknown, ranOn: [], violations: 0 },
  { name: 'unknown and ran twice', told: unknown, ranOn: [1, 1], violations: 1 },
  { name: 'not sent and ran', told: notSent, ranOn: [1], violations: 1 },
  { name: 'never settled', told: null, ranOn: [1], violations: 1 },
])('the ledgers of a mutation that $name disagree $violations times', ({ told, ranOn, hasKey = false, violations }) => {
  const clients: Entry[] = [['called', 7, hasKey]];
  if (told !== null) clients.push(['settled', 7, told]);
  const servers = ranOn.map((server): Entry => ['ran', 7, server]);
  expect(compareLedgers(clients, servers).violations).toHaveLength(violations);
});

it('a mutation that settled twice, or that nobody called, is told', () => {
  const settled: Entry = ['settled', 1, 'resolved'];
  const verdict = compareLedgers(
    [['called', 1, false], settled, settled],
    [
      ['ran', 1, 1],
      ['ran', 2, 1],
    ],
  );
  expect(verdict.violations).toEqual(['mutation 1 settled twice', 'mutation 2 ran, and nobody called it']);
});

/** A subscription by hand: `emit` does what the network would. */
function watched() {
  const listeners: Partial<SubscriptionListeners<Tick>> = {};
  const violations: string[] = [];
  const subscription = {
    position: { epoch: 'a', offset: 2, tag: 1 } as Position,
    on: (name: keyof SubscriptionListeners<Tick>, listener: never) => {
      listeners[name] = listener;
    },
  };
  const watch = new EventWatch('it', subscription as unknown as Subscription<Tick>, (text) => violations.push(text));
  return {
    watch,
    violations,
    fresh: () => listeners.status?.({ state: 'live', outcome: 'fresh' }),
    gap: (offset: number, epoch = 'a') => listeners.gap?.({ epoch, offset, tag: 1 }, { missed: null }),
    event: (offset: number, epoch = 'a', seq = offset) =>
      listeners.event?.({ server: epoch === 'a' ? 1 : 2, seq }, { epoch, offset, tag: 1 }),
  };
}

it('events in order, a gap that is told, and another server behind a gap are no violation', () => {
  const { watch, violations, fresh, gap, event } = watched();
  fresh();
  event(3);
  event(4);
  gap(9);
  event(10);
  gap(0, 'b');
  event(1, 'b');
  expect(violations).toEqual([]);
  expect(watch).toMatchObject({ events: 4, gaps: 2 });
  expect(watch.hasReached(2, 1)).toBe(true);
  expect(watch.hasReached(2, 2)).toBe(false);
});

type Step = readonly ['fresh'] | readonly ['gap' | 'event', offset: number, epoch?: string, seq?: number];

it.each<{ readonly name: string; readonly steps: readonly Step[] }>([
  { name: 'a first event that is not the next', steps: [['fresh'], ['event', 4]] },
  {
    name: 'a hole',
    steps: [
      ['event', 3],
      ['event', 5],
    ],
  },
  {
    name: 'an event twice',
    steps: [
      ['event', 3],
      ['gap', 3],
      ['event', 3],
    ],
  },
  {
    name: 'another epoch without a gap',
    steps: [
      ['event', 3],
      ['event', 4, 'b'],
    ],
  },
  {
    name: 'a gap behind what was told',
    steps: [
      ['event', 3],
      ['gap', 1],
    ],
  },
  { name: 'a fresh start in the middle', steps: [['event', 3], ['fresh']] },
  { name: 'an event under the position of another', steps: [['event', 3, 'a', 4]] },
])('$name is a violation', ({ steps }) => {
  const subscription = watched();
  for (const [kind, offset = 0, epoch, seq] of steps) subscription[kind](offset, epoch, seq);
  expect(subscription.violations).toHaveLength(1);
});
