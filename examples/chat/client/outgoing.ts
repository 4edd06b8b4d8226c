import type { CallError, MutateOptions } from '@typewire/client';

/** A message of ours that has not been seen in its room yet. */
export interface OutgoingMessage {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly at: Date;
  /** `sent` when the server has taken it, and the room has not shown it to us yet. */
  readonly state: 'sending' | 'sent' | 'failed';
  /** Why it did not get there; `null` otherwise. */
  readonly failure: string | null;
}

export function createOutgoing(room: string, text: string): OutgoingMessage {
  return { id: createId(), room, text, at: new Date(), state: 'sending', failure: null };
}

/**
 * How messages are sent. Without a limit: what is written offline waits for the connection, in order, however long that
 * takes. With a key: one that has left and whose session is lost is sent again, and is in the room once.
 */
export function untilSent(id: string): MutateOptions {
  return { timeoutMs: Number.POSITIVE_INFINITY, idempotencyKey: id };
}

/** `delivery` tells what is known of a failed call, and so what to tell the writer. */
export function describeFailure({ delivery, message }: Pick<CallError, 'delivery' | 'message'>): string {
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
