import { type Entry, keyOf } from './entries.ts';
import type { OutgoingMessage } from './outgoing.ts';
import { formatDay } from './time.ts';

export interface MessageRow {
  readonly type: 'message';
  readonly key: string;
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly at: Date;
  readonly isOwn: boolean;
  readonly state: 'sent' | 'sending' | 'failed';
  readonly failure: string | null;
  /** First and last of a run of messages by one author. */
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
}

export interface DayRow {
  readonly type: 'day';
  readonly key: string;
  readonly day: Date;
}

export interface GapRow {
  readonly type: 'gap';
  readonly key: string;
}

export type DividerRow = DayRow | GapRow;

export type Row = MessageRow | DividerRow;

/** A pause after which an author is named again. */
const GROUP_PAUSE_MS = 5 * 60_000;

/**
 * What the message list shows, from top to bottom. Keys are stable: a message that was on its way keeps its row when
 * it arrives, and shows once where it is in the room already.
 */
export function layOutRows(entries: readonly Entry[], outgoing: readonly OutgoingMessage[], me: string): Row[] {
  const rows: Row[] = [];
  for (const entry of entries) {
    if (entry.type === 'gap') rows.push({ type: 'gap', key: `gap after ${rows.at(-1)?.key}` });
    else pushMessage(rows, { ...entry.message, state: 'sent', failure: null }, me);
  }
  const shown = new Set(rows.map(({ key }) => key));
  for (const message of outgoing) {
    const content = { ...message, from: me };
    if (!shown.has(keyOf(content))) pushMessage(rows, content, me);
  }
  return rows;
}

type Content = Pick<MessageRow, 'id' | 'from' | 'text' | 'at' | 'state' | 'failure'>;

function pushMessage(rows: Row[], { id, from, text, at, state, failure }: Content, me: string): void {
  const key = keyOf({ from, id });
  if (!isSameDay(lastMessage(rows)?.at ?? null, at)) rows.push({ type: 'day', key: `day of ${key}`, day: at });
  const previous = rows.at(-1);
  const continues =
    previous?.type === 'message' && previous.from === from && at.getTime() - previous.at.getTime() < GROUP_PAUSE_MS;
  if (continues) rows[rows.length - 1] = { ...previous, endsGroup: false };
  const isOwn = from === me;
  rows.push({
    type: 'message',
    key,
    id,
    from,
    text,
    at,
    isOwn,
    state,
    failure,
    startsGroup: !continues,
    endsGroup: true,
  });
}

function lastMessage(rows: readonly Row[]): MessageRow | null {
  return rows.findLast((row) => row.type === 'message') ?? null;
}

function isSameDay(left: Date | null, right: Date): boolean {
  return left?.toDateString() === right.toDateString();
}

/** The class names of a message. */
export function classOf({ isOwn, startsGroup, endsGroup, state }: MessageRow): string {
  const names = { own: isOwn, 'starts-group': startsGroup, 'ends-group': endsGroup };
  const applying = Object.entries(names).filter(([, applies]) => applies);
  return ['message', ...applying.map(([name]) => name), ...(state === 'sent' ? [] : [state])].join(' ');
}

export function describeDivider(row: DividerRow): string {
  return row.type === 'day' ? formatDay(row.day, new Date()) : 'Some messages could not be recovered';
}
