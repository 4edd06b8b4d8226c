import { useSubscription } from '@typewire/react';
import { useEffect, useMemo } from 'react';
import { describeEmptyRoom, type Notice } from '../client/empty-room.ts';
import { entriesOf, MAX_ENTRIES, REWIND } from '../client/entries.ts';
import { layOutRows, type Row } from '../client/rows.ts';
import type { Wire } from '../client/wire.ts';
import type { UsedOutbox } from './use-outbox.ts';

export interface UsedConversation {
  readonly rows: readonly Row[];
  /** What is said in place of rows while there are none. */
  readonly notice: Notice;
}

/** The messages of one room: its latest past, then everything as it happens, and ours that are on their way. */
export function useConversation(
  wire: Wire,
  room: string,
  me: string,
  { messages, seen, entered }: UsedOutbox,
): UsedConversation {
  const { events, gap, outcome, error } = useSubscription(
    wire.api.room,
    { room },
    { keep: MAX_ENTRIES, rewind: REWIND },
  );
  useEffect(entered, [entered]);
  useEffect(() => seen(events), [seen, events]);

  const rows = useMemo(() => {
    const outgoing = messages.filter((message) => message.room === room);
    return layOutRows(entriesOf(events, gap), outgoing, me);
  }, [events, gap, messages, room, me]);
  return { rows, notice: describeEmptyRoom({ room, refusal: error, isEntered: outcome !== null }) };
}
