import type { Comparison, ComparisonRow } from './comparison.ts';

export interface TableLine {
  figure: string;
  comparison: Comparison;
}

const headings = ['case', 'figure', 'peer', 'ours', 'theirs', 'ratio', 'rounds', 'target', ''];
const leftAligned = new Set(['case', 'figure', 'peer', '']);

/** Plain text, one line per peer and case. */
export function formatTable(lines: readonly TableLine[]): string {
  const cells = [headings, ...lines.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const aligned = cells.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return leftAligned.has(headings[column] ?? '') ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return aligned.join('\n');
}

/** `met`, or the factor still to be won. */
export function verdict(row: Pick<ComparisonRow, 'ratio' | 'target'>): string {
  if (row.target === null) return '';
  if (row.ratio === null) return 'not measured';
  return row.ratio >= row.target ? 'met' : `missing by ${(row.target / row.ratio).toFixed(2)} ×`;
}

function cellsOf({ figure, comparison: { row, spread } }: TableLine): string[] {
  return [
    row.case,
    figure,
    row.peer,
    row.ours === null ? '–' : shortNumber(row.ours),
    shortNumber(row.theirs),
    row.ratio === null ? '–' : `${row.ratio.toFixed(2)} ×`,
    spread === null ? '–' : `${spread[0].toFixed(2)}–${spread[1].toFixed(2)}`,
    row.target === null ? '–' : `≥ ${row.target} ×`,
    verdict(row),
  ];
}

/** Three significant digits: the machine does not give more. */
export function shortNumber(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value >= 10 ? 1 : 2);
}
