import { expect, it } from 'vitest';
import { BytePipe } from '../../src/simulator/byte-pipe.ts';
import { Dice } from '../../src/simulator/dice.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { VirtualProcess } from '../../src/simulator/virtual-process.ts';

function makePipe(seed = 1): {
  clock: VirtualClock;
  process: VirtualProcess;
  pipe: BytePipe;
  received: number[];
  chunks: number[];
  events: string[];
} {
  const clock = new VirtualClock();
  const process = new VirtualProcess('page', clock, new Dice(seed), (error) => {
    throw error;
  });
  const received: number[] = [];
  const chunks: number[] = [];
  const events: string[] = [];
  const pipe = new BytePipe(clock, new Dice(seed), { minMs: 1, maxMs: 50 }, process, {
    opened: () => events.push('opened'),
    ended: () => events.push('ended'),
    bytes: (chunk) => {
      received.push(...chunk);
      chunks.push(chunk.length);
    },
  });
  return { clock, process, pipe, received, chunks, events };
}

const parts = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new Uint8Array([index, index, index]));

it('delivers every byte in order, in other pieces than they were sent in', async () => {
  const { clock, pipe, received, chunks, events } = makePipe();
  pipe.open();
  for (const part of parts(200)) pipe.write(part);
  pipe.end();
  await clock.runUntil(clock.now() + 1_000);
  expect(received).toEqual(parts(200).flatMap((part) => [...part]));
  expect(chunks.length).toBeLessThan(200);
  expect(chunks.some((length) => length > 3)).toBe(true);
  expect(events).toEqual(['opened', 'ended']);
});

it('cuts what was sent in one piece', async () => {
  const { clock, pipe, chunks } = makePipe();
  for (let count = 0; count < 100; count++) {
    pipe.write(new Uint8Array(10));
    await clock.runUntil(clock.now() + 100);
  }
  expect(chunks.length).toBeGreaterThan(100);
  expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(1_000);
});

it('holds everything while it is stalled, while nobody reads, and while the reader is frozen', async () => {
  for (const hold of [
    ({ pipe }: ReturnType<typeof makePipe>) => {
      pipe.setStalled(true);
      return () => pipe.setStalled(false);
    },
    ({ pipe }: ReturnType<typeof makePipe>) => {
      pipe.setPaused(true);
      return () => pipe.setPaused(false);
    },
    ({ process }: ReturnType<typeof makePipe>) => {
      process.freeze();
      return () => process.thaw();
    },
  ]) {
    const setup = makePipe();
    const { clock, pipe, received } = setup;
    const release = hold(setup);
    for (const part of parts(10)) pipe.write(part);
    await clock.runUntil(clock.now() + 10_000);
    expect(received).toEqual([]);
    release();
    await clock.runUntil(clock.now() + 1_000);
    expect(received).toEqual(parts(10).flatMap((part) => [...part]));
  }
});

it('never delivers anything once it is lost, and never says so', async () => {
  const { clock, pipe, received, events } = makePipe();
  for (const part of parts(10)) pipe.write(part);
  pipe.lose();
  pipe.end();
  await clock.runUntil(clock.now() + 100_000);
  expect(received).toEqual([]);
  expect(events).toEqual([]);
});

it('counts what does not fit into the network as waiting in the sender', async () => {
  const { clock, pipe } = makePipe();
  pipe.setStalled(true);
  pipe.write(new Uint8Array(4_000));
  expect(pipe.bufferedBytes).toBe(0);
  pipe.write(new Uint8Array(4_000));
  expect(pipe.bufferedBytes).toBeGreaterThan(3_000);
  pipe.setStalled(false);
  await clock.runUntil(clock.now() + 1_000);
  expect(pipe.bufferedBytes).toBe(0);
});
