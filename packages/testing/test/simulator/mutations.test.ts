import { generate, noSeams, simulate, type Violation } from '@typewire/testing/simulator';
import { describe, expect, it } from 'vitest';
import { bugs } from './bugs.ts';

/** Within so many seeds a bug must show. */
const MAX_SEEDS = 300;

describe('a bug that somebody could make is noticed', () => {
  it.each(Object.entries(bugs))(
    '%s',
    async (_name, { oracle, seams, install }) => {
      const remove = install?.();
      let violation: Violation | null = null;
      try {
        for (let seed = 1; seed <= MAX_SEEDS && violation?.oracle !== oracle; seed++) {
          ({ violation } = await simulate(generate(seed), { seams: { ...noSeams, ...seams } }));
        }
      } finally {
        remove?.();
      }
      expect(violation?.oracle).toBe(oracle);
    },
    60_000,
  );
});
