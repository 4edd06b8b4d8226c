import { generate, simulate } from '@typewire/testing/simulator';
import { expect, it } from 'vitest';

it('does the same for the same seed, event by event', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const first = await simulate(generate(seed));
    const second = await simulate(generate(seed));
    expect(second.hash, `seed ${seed}`).toBe(first.hash);
    expect(second.events).toBe(first.events);
  }
});

it('shows in which line two runs differ, when they do', async () => {
  const first = await simulate(generate(7), { keepsLines: true });
  const second = await simulate(generate(7), { keepsLines: true });
  expect(second.lines).toEqual(first.lines);
  expect(first.lines.length).toBeGreaterThan(50);
});

it('does something else for another seed', async () => {
  const hashes = await Promise.all([1, 2, 3, 4, 5].map(async (seed) => (await simulate(generate(seed))).hash));
  expect(new Set(hashes).size).toBe(5);
});
