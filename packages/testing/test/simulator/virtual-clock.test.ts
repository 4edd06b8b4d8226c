import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';

it('runs events at their moments, those of one moment in the order in which they were scheduled', async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name} ${clock.now() - start}`);
  clock.schedule(start + 20, note('c'));
  clock.schedule(start + 10, note('a'));
  clock.schedule(start + 10, note('b'));
  clock.schedule(start + 31, note('late'));
  await clock.runUntil(start + 30);
  expect(seen).toEqual(['a 10', 'b 10', 'c 20']);
  expect(clock.now()).toBe(start + 30);
});

it('keeps the order of many events whatever the order in which they came', async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const seen: number[] = [];
  for (let index = 0; index < 500; index++) {
    const at = (index * 7_919) % 503;
    clock.schedule(start + at, () => void seen.push(at));
  }
  await clock.runUntil(start + 1_000);
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  expect(seen.length).toBe(500);
});

it('lets chains of promises of any length run between two events', async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const seen: string[] = [];
  clock.schedule(start + 1, () => {
    void (async () => {
      for (let turn = 0; turn < 1_000; turn++) await null;
      seen.push('promises');
    })();
  });
  clock.schedule(start + 1, () => void seen.push('next event'));
  await clock.runUntil(start + 1);
  expect(seen).toEqual(['promises', 'next event']);
});

it('forgets what is taken back, and stops when it is told', async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const seen: string[] = [];
  const takeBack = clock.schedule(start + 1, () => void seen.push('never'));
  clock.schedule(start + 2, () => void seen.push('first'));
  clock.schedule(start + 3, () => void seen.push('second'));
  takeBack();
  await clock.runUntil(start + 10, () => seen.length === 1);
  expect(seen).toEqual(['first']);
  expect(clock.now()).toBe(start + 2);
});
