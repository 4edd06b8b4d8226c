import { safe } from '@typewire/client';
import type { Message } from '../server/message.ts';
import { createOutgoing, describeFailure, type OutgoingMessage, untilSent } from './outgoing.ts';
import type { Wire } from './wire.ts';

export interface OutboxListener {
  changed(): void;
  /** The server has taken a message and says how it stands in its room. */
  sent(room: string, message: Message): void;
}

/** Messages on their way. It outlives rooms: one may look into another room while a message waits for a connection. */
export class Outbox {
  readonly #wire: Wire;
  readonly #listener: OutboxListener;
  readonly #messages: Map<string, OutgoingMessage> = new Map();

  constructor(wire: Wire, listener: OutboxListener) {
    this.#wire = wire;
    this.#listener = listener;
  }

  messagesOf(room: string): OutgoingMessage[] {
    return [...this.#messages.values()].filter((message) => message.room === room);
  }

  send(room: string, text: string): void {
    void this.#deliver(createOutgoing(room, text));
  }

  /** With the same id: should the first attempt have arrived after all, it still shows once. */
  sendAgain(id: string): void {
    const message = this.#messages.get(id);
    if (message !== undefined && message.state === 'failed') void this.#deliver(message);
  }

  /** A message was seen in its room. */
  settle(id: string): void {
    if (this.#messages.delete(id)) this.#listener.changed();
  }

  async #deliver(message: OutgoingMessage): Promise<void> {
    this.#put({ ...message, state: 'sending', failure: null });
    const { room, id, text } = message;
    const result = await safe(this.#wire.api.send.mutate({ room, id, text }, untilSent(id)));
    // Usually the room's own event was faster than the answer.
    if (!this.#messages.has(id)) return;
    if (result.ok) {
      this.#messages.delete(id);
      this.#listener.sent(room, result.value);
      this.#listener.changed();
    } else {
      this.#put({ ...message, state: 'failed', failure: describeFailure(result.error) });
    }
  }

  #put(message: OutgoingMessage): void {
    this.#messages.set(message.id, message);
    this.#listener.changed();
  }
}
