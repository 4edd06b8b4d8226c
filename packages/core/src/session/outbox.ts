import { MAX_BATCH } from '../message/limits.ts';

/** Messages of one tick, on their way to leave as one WebSocket message each batch. protocol: "Decisions", 2. */
export class Outbox {
  #messages: string[] = [];

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  push(text: string): void {
    this.#messages.push(text);
  }

  /** Hands out what is waiting, in order: a lone message as it is, several joined, never more than a batch may hold. */
  flush(send: (text: string) => void): void {
    const messages = this.#messages;
    if (messages.length === 0) return;
    this.#messages = [];
    if (messages.length === 1) return send(messages[0] as string);
    for (let start = 0; start < messages.length; start += MAX_BATCH) {
      const end = Math.min(start + MAX_BATCH, messages.length);
      if (end - start === 1) send(messages[start] as string);
      else send(`[${messages.slice(start, end).join(',')}]`);
    }
  }

  clear(): void {
    this.#messages = [];
  }
}
