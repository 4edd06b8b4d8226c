import { useCall } from '@typewire/vue';
import { type ShallowRef, shallowRef } from 'vue';
import { changeOutbox, type OutboxChange, type OutboxState } from '../client/outbox-state.ts';
import { createOutgoing, type OutgoingMessage, untilSent } from '../client/outgoing.ts';
import type { Wire } from '../client/wire.ts';
import type { Message } from '../server/message.ts';

export interface UsedOutbox {
  readonly messages: Readonly<ShallowRef<OutboxState>>;
  readonly send: (room: string, text: string) => void;
  /** With the same id: should the first attempt have arrived after all, it still shows once. */
  readonly sendAgain: (id: string) => void;
  /** What is in the room is on its way no longer. */
  readonly seen: (messages: readonly Message[]) => void;
  readonly entered: () => void;
}

/** Messages on their way. Used above the rooms: one may look into another room while a message waits for a connection. */
export function useOutbox(wire: Wire, me: string): UsedOutbox {
  const { run } = useCall(wire.api.send.mutate);
  const messages = shallowRef<OutboxState>([]);
  const change = (change: OutboxChange): void => {
    messages.value = changeOutbox(messages.value, change);
  };

  const deliver = async (message: OutgoingMessage): Promise<void> => {
    const { id, room, text } = message;
    change({ type: 'sending', message });
    const result = await run({ id, room, text }, untilSent(id));
    change({ type: 'answered', id, error: result.ok ? null : result.error });
  };

  return {
    messages,
    send: (room, text) => void deliver(createOutgoing(room, text)),
    sendAgain: (id) => {
      const message = messages.value.find((message) => message.id === id);
      if (message !== undefined) void deliver(message);
    },
    seen: (messages) => change({ type: 'seen', messages, me }),
    entered: () => change({ type: 'entered' }),
  };
}
