import type { Message } from '../server/message.ts';

/** What there is to show, in order: messages, and places where some may be missing. */
export type Entry = { readonly type: 'message'; readonly message: Message } | { readonly type: 'gap' };

/** Messages taken over on entering a room. */
export const REWIND = 50;

/** Entries kept for display; the oldest go first. */
export const MAX_ENTRIES = 500;

/** Ids are their writers' own, so they tell messages apart only together with the name. */
export function keyOf({ from, id }: Pick<Message, 'from' | 'id'>): string {
  return `${from}/${id}`;
}

/** The entries of what a subscription keeps: each message once, and the gap among them. */
export function entriesOf(messages: readonly Message[], gap: { readonly after: number } | null): Entry[] {
  const entries: Entry[] = [];
  const known = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (index > 0 && index === gap?.after) entries.push({ type: 'gap' });
    const key = keyOf(message);
    if (!known.has(key)) entries.push({ type: 'message', message });
    known.add(key);
  }
  if (messages.length > 0 && gap?.after === messages.length) entries.push({ type: 'gap' });
  return entries;
}
