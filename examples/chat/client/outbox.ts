import { type CallError, safe } from '@typewire/client';
import type { Message } from '../server/message.ts';
import type { Wire } from './wire.ts';

/** A message of ours that has not been seen in its room yet. */
export interface OutgoingMessage {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly at: Date;
  /** Why it did not get there; `null` while it is on its way. */
  readonly failure: string | null;
}

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
    void this.#deliver({ id: createId(), room, text, at: new Date(), failure: null });
  }

  /** With the same id: should the first attempt have arrived after all, it still shows once. */
  sendAgain(id: string): void {
    const message = this.#messages.get(id);
    if (message !== undefined && message.failure !== null) void this.#deliver({ ...message, failure: null });
  }

  /** A message was seen in its room. */
  settle(id: string): void {
    if (this.#messages.delete(id)) this.#listener.changed();
  }

  async #deliver(message: OutgoingMessage): Promise<void> {
    this.#put(message);
    const { room, id, text } = message;
    // Without a limit: what is written offline waits for the connection, in order, however long that takes. With a key: one
    // that has left and whose session is lost is sent again, and is in the room once.
    const options = { timeoutMs: Number.POSITIVE_INFINITY, idempotencyKey: id };
    const result = await safe(this.#wire.api.send.mutate({ room, id, text }, options));
    // Usually the room's own event was faster than the answer.
    if (!this.#messages.has(id)) return;
    if (result.ok) {
      this.#messages.delete(id);
      this.#listener.sent(room, result.value);
      this.#listener.changed();
    } else {
      this.#put({ ...message, failure: describeFailure(result.error) });
    }
  }

  #put(message: OutgoingMessage): void {
    this.#messages.set(message.id, message);
    this.#listener.changed();
  }
}

/** `delivery` tells what is known of a failed call, and so what to tell the writer. */
function describeFailure({ delivery, message }: CallError): string {
  switch (delivery) {
    case 'not-sent':
      return 'Not sent';
    case 'unknown':
      return 'May not have arrived';
    case 'answered':
      return `Refused: ${message}`;
  }
}

/** Not `crypto.randomUUID`, which a page on plain HTTP has on localhost only. */
function createId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('');
}
