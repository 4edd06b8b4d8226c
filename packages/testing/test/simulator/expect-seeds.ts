import { describeViolation, generate, replayLine, simulate } from '@typewire/testing/simulator';
import { expect } from 'vitest';

/** Runs the seeds from `first` to `last`; a failure names the line that plays it again. */
export async function expectSeedsToHold(first: number, last: number): Promise<void> {
  for (let seed = first; seed <= last; seed++) {
    const { violation } = await simulate(generate(seed));
    if (violation !== null) expect.fail(`${describeViolation(violation)}\nreplay: ${replayLine(seed, null)}`);
  }
}
