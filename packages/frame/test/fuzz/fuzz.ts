import { seededRandom } from '../../../testing/src/seeded-random.ts';
import { mutate, pick } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

/** What came of one run. */
export interface FuzzReport {
  /** For each outcome the shortest input that had it. */
  readonly outcomes: ReadonlyMap<string, Uint8Array>;
  readonly runs: number;
}

/**
 * Plays the corpus, and then `runs` inputs that are made of it. Inputs with a new outcome are made of, too.
 *
 * @throws {Error} that names seed and input, when a target finds that something does not hold.
 */
export function fuzz(target: FuzzTarget, seed: number, runs: number): FuzzReport {
  const random = seededRandom(seed);
  const pool = [...target.corpus];
  const outcomes = new Map<string, Uint8Array>();
  const play = (input: Uint8Array): void => {
    let outcome: string;
    try {
      outcome = target.play(input, random);
    } catch (cause) {
      const hex = Buffer.from(input).toString('hex');
      throw new Error(`${target.name}, seed ${seed}: ${String(cause)}\ninput (hex): ${hex}`, { cause });
    }
    const known = outcomes.get(outcome);
    if (known === undefined) pool.push(input);
    if (known === undefined || input.length < known.length) outcomes.set(outcome, input);
  };
  for (const input of target.corpus) play(input);
  for (let run = 0; run < runs; run++) play(mutate(pick(pool, random), pool, target.dictionary, random));
  return { outcomes, runs };
}
