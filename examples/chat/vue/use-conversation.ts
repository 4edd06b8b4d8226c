import { useSubscription } from '@typewire/vue';
import { type ComputedRef, computed, watch } from 'vue';
import { describeEmptyRoom, type Notice } from '../client/empty-room.ts';
import { entriesOf, MAX_ENTRIES, REWIND } from '../client/entries.ts';
import { layOutRows, type Row } from '../client/rows.ts';
import type { Wire } from '../client/wire.ts';
import type { UsedOutbox } from './use-outbox.ts';

export interface UsedConversation {
  readonly rows: ComputedRef<readonly Row[]>;
  /** What is said in place of rows while there are none. */
  readonly notice: ComputedRef<Notice>;
}

/** The messages of one room: its latest past, then everything as it happens, and ours that are on their way. */
export function useConversation(
  wire: Wire,
  room: string,
  me: string,
  { messages, seen, entered }: UsedOutbox,
): UsedConversation {
  const options = { keep: MAX_ENTRIES, rewind: REWIND };
  const { events, gap, outcome, error } = useSubscription(wire.api.room, { room }, options);
  const entries = computed(() => entriesOf(events.value, gap.value));
  entered();
  watch(events, (messages) => seen(messages), { immediate: true });

  const rows = computed(() => {
    const outgoing = messages.value.filter((message) => message.room === room);
    return layOutRows(entries.value, outgoing, me);
  });
  const notice = computed(() => describeEmptyRoom({ room, refusal: error.value, isEntered: outcome.value !== null }));
  return { rows, notice };
}
