import { median } from './median.ts';

/** One peer beside us in one case. This is the shape `--json` writes. */
export interface ComparisonRow {
  case: string;
  peer: string;
  /** Median over the rounds; `null` when ours did not run. */
  ours: number | null;
  theirs: number;
  /** Median of the rounds' own `theirs / ours`: above 1, ours is cheaper. */
  ratio: number | null;
  /** Least acceptable ratio; `null` when none is set. */
  target: number | null;
}

export interface Comparison {
  row: ComparisonRow;
  /** The lowest and highest ratio of a single round: how far the machine's noise reaches. */
  spread: readonly [lowest: number, highest: number] | null;
}

interface ComparedCase {
  name: string;
  targets: Readonly<Record<string, number | null>>;
  goal?: number;
}

/** Contender name to its figure in each round, in the order of the rounds. */
export type FiguresByContender = ReadonlyMap<string, readonly number[]>;

/**
 * Ratios are taken inside a round, where both sides met the same neighbours on the machine, and only then
 * reduced: the ratio of two medians would pair a quiet round of one with a busy round of the other.
 */
export function compare(subject: ComparedCase, ours: string, figures: FiguresByContender): Comparison[] {
  const ourFigures = figures.get(ours) ?? [];
  const comparisons: Comparison[] = [];
  for (const [peer, target] of Object.entries(subject.targets)) {
    const theirFigures = figures.get(peer) ?? [];
    if (theirFigures.length > 0)
      comparisons.push(beside({ case: subject.name, peer, target }, ourFigures, theirFigures));
  }
  const { goal } = subject;
  if (goal !== undefined && ourFigures.length > 0) {
    const row = { case: subject.name, peer: 'the goal', target: 1 };
    const always = ourFigures.map(() => goal);
    const compared = beside(row, ourFigures, always);
    // Nothing that would share a round's noise: it is the median that is to stay below.
    comparisons.push({ ...compared, row: { ...compared.row, ratio: goal / median(ourFigures) } });
  }
  return comparisons;
}

function beside(
  named: Pick<ComparisonRow, 'case' | 'peer' | 'target'>,
  ourFigures: readonly number[],
  theirFigures: readonly number[],
): Comparison {
  const ratios = ourFigures.flatMap((our, round) => {
    const their = theirFigures[round];
    return their === undefined ? [] : [their / our];
  });
  const compared = ratios.length > 0;
  return {
    row: {
      ...named,
      ours: compared ? median(ourFigures) : null,
      theirs: median(theirFigures),
      ratio: compared ? median(ratios) : null,
    },
    spread: compared ? [Math.min(...ratios), Math.max(...ratios)] : null,
  };
}
