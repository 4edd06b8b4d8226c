import type { CallError } from '@typewire/client';
import type { Message } from '../server/message.ts';
import { keyOf } from './entries.ts';
import { describeFailure, type OutgoingMessage } from './outgoing.ts';

export type OutboxState = readonly OutgoingMessage[];

export type OutboxChange =
  /** A message leaves, for the first time or again. */
  | { readonly type: 'sending'; readonly message: OutgoingMessage }
  | { readonly type: 'answered'; readonly id: string; readonly error: CallError<string> | null }
  /** These are in the room, whatever became of the calls that sent them. */
  | { readonly type: 'seen'; readonly messages: readonly Message[]; readonly me: string }
  /** What the server took before one entered a room is in that room's history. */
  | { readonly type: 'entered' };

/** Messages on their way, and what became of them: a pure function, for components that keep no more than a state. */
export function changeOutbox(outbox: OutboxState, change: OutboxChange): OutboxState {
  switch (change.type) {
    case 'sending':
      return [
        ...outbox.filter(({ id }) => id !== change.message.id),
        { ...change.message, state: 'sending', failure: null },
      ];
    case 'answered':
      return outbox.map((message) => (message.id === change.id ? answered(message, change.error) : message));
    case 'seen': {
      const seen = new Set(change.messages.map(keyOf));
      return without(outbox, ({ id }) => seen.has(keyOf({ from: change.me, id })));
    }
    case 'entered':
      return without(outbox, ({ state }) => state === 'sent');
  }
}

function answered(message: OutgoingMessage, error: CallError<string> | null): OutgoingMessage {
  if (error === null) return { ...message, state: 'sent' };
  return { ...message, state: 'failed', failure: describeFailure(error) };
}

/** The same state where nothing goes, so that nothing is drawn again. */
function without(outbox: OutboxState, goes: (message: OutgoingMessage) => boolean): OutboxState {
  return outbox.some(goes) ? outbox.filter((message) => !goes(message)) : outbox;
}
