import { describe, expect, it } from 'vitest';
import { Dice } from '../../src/simulator/dice.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { VirtualProcess } from '../../src/simulator/virtual-process.ts';

function makeProcess(): { clock: VirtualClock; process: VirtualProcess; errors: unknown[]; seen: string[] } {
  const clock = new VirtualClock();
  const errors: unknown[] = [];
  const process = new VirtualProcess('page', clock, new Dice(1), (error) => void errors.push(error));
  return { clock, process, errors, seen: [] };
}

describe('a process that is frozen', () => {
  it('does what has piled up in order when it goes on, timers and messages alike', async () => {
    const { clock, process, seen } = makeProcess();
    const start = clock.now();
    process.setTimer(10, () => seen.push('timer'));
    clock.schedule(start + 20, () => process.run(() => seen.push('message')));
    process.freeze();
    await clock.runUntil(start + 100);
    expect(seen).toEqual([]);
    expect(process.timers).toBe(1);
    process.thaw();
    await clock.runUntil(start + 101);
    expect(seen).toEqual(['timer', 'message']);
    expect(process.timers).toBe(0);
  });

  it('does not run a timer that was cancelled while it waited', async () => {
    const { clock, process, seen } = makeProcess();
    const start = clock.now();
    const cancel = process.setTimer(10, () => seen.push('timer'));
    process.freeze();
    await clock.runUntil(start + 100);
    process.thaw();
    cancel();
    await clock.runUntil(start + 200);
    expect(seen).toEqual([]);
    expect(process.timers).toBe(0);
  });
});

it('does nothing any more when it has ended', async () => {
  const { clock, process, seen } = makeProcess();
  const start = clock.now();
  process.setTimer(10, () => seen.push('timer'));
  process.post(() => seen.push('posted'));
  process.end();
  process.thaw();
  process.run(() => seen.push('run'));
  process.setTimer(1, () => seen.push('late timer'));
  await clock.runUntil(start + 100);
  expect(seen).toEqual([]);
  expect(process.timers).toBe(0);
});

it('reports what a task throws, and goes on', async () => {
  const { clock, process, errors, seen } = makeProcess();
  const start = clock.now();
  process.post(() => {
    throw new Error('a bug');
  });
  process.post(() => seen.push('next'));
  await clock.runUntil(start + 1);
  expect(errors).toEqual([new Error('a bug')]);
  expect(seen).toEqual(['next']);
});

it('gives the product a world: ids of any length, hashes that take their time, the end of a tick', async () => {
  const { clock, process, seen } = makeProcess();
  const start = clock.now();
  const server = process.environment('turn');
  expect(server.createId()).not.toBe(server.createId());
  expect(server.createId(43).length).toBe(43);
  process.post(() => {
    server.defer(() => seen.push('deferred'));
    void server.hash('token').then((hash) => seen.push(hash));
    seen.push('task');
  });
  await clock.runUntil(start + 10);
  expect(seen.slice(0, 2)).toEqual(['task', 'deferred']);
  expect(seen[2]).toContain('token');
});
