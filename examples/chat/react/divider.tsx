import { type DividerRow, describeDivider } from '../client/rows.ts';

/** Another day, or a place where messages are missing. */
export function Divider({ row }: { row: DividerRow }) {
  return (
    <li className={`divider ${row.type}`}>
      <span>{describeDivider(row)}</span>
    </li>
  );
}
