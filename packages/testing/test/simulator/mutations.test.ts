import { generate, noSeams, simulate, type Violation } from '@typewire/testing/simulator';
import { describe, expect, it } from 'vitest';
import { bugs } from './bugs.ts';

/** Within so many seeds a bug must show. */
const MAX_SEEDS = 300;

describe('a bug that somebody could make is noticed', () => {
  it.each(Object.entries(bugs))(
    '%s',
    async (_name, { oracle, says = '', seams, install }) => {
      const isNoticed = (seen: Violation | null): boolean => seen?.oracle === oracle && seen.text.includes(says);
      const remove = install?.();
      let violation: Violation | null = null;
      try {
        for (let seed = 1; seed <= MAX_SEEDS && !isNoticed(violation); seed++) {
          ({ violation } = await simulate(generate(seed), { seams: { ...noSeams, ...seams } }));
        }
      } finally {
        remove?.();
      }
      expect(isNoticed(violation), JSON.stringify(violation)).toBe(true);
    },
    60_000,
  );
});
