import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';

export interface DeliveryLimits {
  /** Messages kept until the peer has confirmed them. @default 1_000 */
  readonly maxMessages: number;
  /** Size of the messages kept, in UTF-16 units, or bytes of binary ones. @default 262_144 */
  readonly maxSize: number;
  /** A confirmation is due after this many messages, … @default 128 */
  readonly ackMessages: number;
  /** … this much, in UTF-16 units, … @default 8_192 */
  readonly ackSize: number;
  /** … or this many milliseconds after the first that is not confirmed. @default 1_000 */
  readonly ackDelayMs: number;
}

/** The size bounds what is kept; the number is high, because each confirmation costs the other end a read of its socket. */
export const deliveryDefaults: DeliveryLimits = {
  maxMessages: 1_000,
  maxSize: 262_144,
  ackMessages: 128,
  ackSize: 8_192,
  ackDelayMs: 1_000,
};

/**
 * What makes a session outlive its connections: how many messages went each way, and the ones sent that the peer has
 * not confirmed. TCP keeps order, so messages bear no numbers; both ends count. When a connection is lost, each end
 * tells the other its count and sends the rest again. protocol: "Resuming a session".
 */
export class DeliveryLog {
  readonly #limits: DeliveryLimits;
  #sent = 0;
  #confirmed = 0;
  /** The last messages sent, as they left: alone or in batches. Those before `#head` are confirmed or were given up. */
  #kept: EncodedMessage[] = [];
  /** How many messages each of them is. */
  #counts: number[] = [];
  #head = 0;
  #keptCount = 0;
  #keptSize = 0;
  #received = 0;
  #receivedConfirmed = 0;
  #sizeSinceAck = 0;
  #ackBy = Number.POSITIVE_INFINITY;

  constructor(limits: DeliveryLimits = deliveryDefaults) {
    this.#limits = limits;
  }

  /** Messages received so far: what a client says when it comes back. */
  get received(): number {
    return this.#received;
  }

  /** Size of what is kept, in UTF-16 units, or bytes of binary messages. */
  get size(): number {
    return this.#keptSize;
  }

  /** Whether everything the peer has not confirmed is kept. Without it only a peer that got more can resume. */
  get isWhole(): boolean {
    return this.#keptCount >= this.#sent - this.#confirmed;
  }

  /** When a confirmation is due at the latest; `Infinity` when nothing is unconfirmed. */
  get ackBy(): number {
    return this.#ackBy;
  }

  /**
   * Notes a message that is being sent, or would be if there were a connection. A batch of `count` is noted as the one
   * text it is: what it was joined from need not outlive the tick.
   */
  record(message: EncodedMessage, count = 1): void {
    this.#sent += count;
    this.#kept.push(message);
    this.#counts.push(count);
    this.#keptCount += count;
    this.#keptSize += message.length;
    while (this.#isOverfull) this.#drop();
  }

  /** Notes a message that arrived; `size` may be 0 for all but one of a batch. Says whether to confirm now. */
  receive(size: number, now: number): boolean {
    this.#received++;
    this.#sizeSinceAck += size;
    if (this.#ackBy === Number.POSITIVE_INFINITY) this.#ackBy = now + this.#limits.ackDelayMs;
    return (
      this.#received - this.#receivedConfirmed >= this.#limits.ackMessages || this.#sizeSinceAck >= this.#limits.ackSize
    );
  }

  /** The count to confirm; the caller sends it. */
  takeAck(): number {
    this.#receivedConfirmed = this.#received;
    this.#sizeSinceAck = 0;
    this.#ackBy = Number.POSITIVE_INFINITY;
    return this.#received;
  }

  /** @throws {ProtocolError} `MALFORMED` for a count that is above what was sent, or falls. */
  confirm(count: number): void {
    if (count > this.#sent || count < this.#confirmed) {
      throw new ProtocolError('MALFORMED', `${count} messages confirmed of ${this.#sent}, after ${this.#confirmed}`);
    }
    this.#confirmed = count;
    const unconfirmed = this.#sent - count;
    // A batch goes when all of it is confirmed.
    while (this.#keptCount > 0 && this.#keptCount - (this.#counts[this.#head] as number) >= unconfirmed) this.#drop();
  }

  /** What the peer is missing after its first `count` messages, in order; `null` when not all of it is kept. */
  after(count: number): readonly EncodedMessage[] | null {
    const missing = this.#sent - count;
    if (!Number.isSafeInteger(count) || missing < 0 || count < this.#confirmed) return null;
    if (missing > this.#keptCount) return null;
    let from = this.#head;
    let excess = this.#keptCount - missing;
    while (excess > 0 && excess >= (this.#counts[from] as number)) excess -= this.#counts[from++] as number;
    const missed = this.#kept.slice(from);
    // The peer was gone in the middle of a batch.
    return excess === 0 ? missed : [...messagesOf(missed[0] as string).slice(excess), ...missed.slice(1)];
  }

  /** Messages of a batch that is confirmed in part are kept with it, and do not count. */
  get #isOverfull(): boolean {
    const { maxMessages, maxSize } = this.#limits;
    if (this.#keptSize > maxSize) return true;
    return this.#keptCount > maxMessages && this.#sent - this.#confirmed > maxMessages;
  }

  #drop(): void {
    this.#keptSize -= (this.#kept[this.#head] as EncodedMessage).length;
    this.#keptCount -= this.#counts[this.#head] as number;
    this.#kept[this.#head++] = '';
    if (this.#head === this.#kept.length) {
      // With nothing kept, nothing is held: room for what was once on its way would stay with an idle connection.
      this.#kept = [];
      this.#counts = [];
      this.#head = 0;
    }
    // Moving the rest only when half is gone keeps the cost of a message constant.
    if (this.#head < 64 || this.#head * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#head);
    this.#counts = this.#counts.slice(this.#head);
    this.#head = 0;
  }
}

function messagesOf(batch: string): string[] {
  return (JSON.parse(batch) as unknown[]).map((message) => JSON.stringify(message));
}
