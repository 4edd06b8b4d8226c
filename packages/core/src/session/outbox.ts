import type { EncodedMessage } from '../message/binary.ts';
import { MAX_BATCH } from '../message/limits.ts';

/**
 * Longest batch, in UTF-16 units: far below what any server takes, and long enough that joining more would save
 * nothing. One message that is longer leaves alone, and so does a binary one.
 */
const MAX_BATCH_SIZE = 65_536;

/** Messages of one tick, on their way to leave as one WebSocket message each batch. protocol: "Decisions", 2. */
export class Outbox {
  /** In UTF-16 units, of which none takes more than three bytes of UTF-8. */
  readonly #maxBatchSize: number;
  #messages: EncodedMessage[] = [];

  /** `maxMessageBytes` is the largest message the peer takes: no batch is larger. */
  constructor(maxMessageBytes: number = Number.POSITIVE_INFINITY) {
    this.#maxBatchSize = Math.min(MAX_BATCH_SIZE, Math.floor(maxMessageBytes / 3));
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  push(message: EncodedMessage): void {
    this.#messages.push(message);
  }

  /**
   * Hands out what is waiting, in order: a lone message as it is, several joined, never more than a batch may hold;
   * `count` is how many.
   */
  flush(send: (message: EncodedMessage, count: number) => void): void {
    const messages = this.#messages;
    if (messages.length === 0) return;
    this.#messages = [];
    let start = 0;
    while (start < messages.length) {
      const end = endOfBatch(messages, start, this.#maxBatchSize);
      if (end - start === 1) send(messages[start] as EncodedMessage, 1);
      else send(`[${messages.slice(start, end).join(',')}]`, end - start);
      start = end;
    }
  }
}

/** Where the batch that begins at `start` must end, by count and by size. */
function endOfBatch(messages: readonly EncodedMessage[], start: number, maxSize: number): number {
  const last = Math.min(start + MAX_BATCH, messages.length);
  // Each message brings a comma or the closing bracket.
  let size = 1;
  for (let end = start; end < last; end++) {
    const message = messages[end] as EncodedMessage;
    if (typeof message !== 'string') return Math.max(end, start + 1);
    size += message.length + 1;
    if (size > maxSize && end > start) return end;
  }
  return last;
}
