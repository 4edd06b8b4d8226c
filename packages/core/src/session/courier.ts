import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodeAck } from '../message/encode.ts';
import type { SharedMessage, Transport } from '../transport.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { Outbox } from './outbox.ts';

/**
 * The messages of an open connection on their way out: joined in batches, noted in the delivery log of the session, and
 * confirmations of what came in.
 */
export class Courier {
  readonly #transport: Transport;
  #outbox: Outbox = new Outbox();
  /** The session's, once it is known which one the connection carries. */
  #delivery: DeliveryLog | null = null;
  /** Size of what waits for `flush`, in UTF-16 units, or bytes of binary messages. */
  #waitingSize = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get isEmpty(): boolean {
    return this.#outbox.isEmpty;
  }

  /** What was sent and has not left this process: bytes of the transport, and what waits for `flush`. */
  get bufferedSize(): number {
    return this.#transport.bufferedBytes + this.#waitingSize;
  }

  /** When a confirmation is due at the latest. */
  get ackBy(): number {
    return this.#delivery?.ackBy ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Begins with what the peer of this session has missed, which the log holds already. Nothing was pushed before:
   * until here it is not known what the peer takes.
   */
  carry(delivery: DeliveryLog, missed: readonly EncodedMessage[], maxMessageBytes?: number): void {
    this.#delivery = delivery;
    this.#outbox = new Outbox(maxMessageBytes);
    // They stand in the log as they left before: batches among them are joined already.
    for (const message of missed) this.#transport.send(message);
  }

  push(message: EncodedMessage): void {
    this.#waitingSize += message.length;
    this.#outbox.push(message);
  }

  /** At once, behind what was pushed before. */
  sendShared(message: SharedMessage): void {
    this.flush();
    this.#delivery?.record(message.data, message.count);
    this.#transport.sendShared(message);
  }

  flush(): void {
    this.#waitingSize = 0;
    this.#outbox.flush((message, count) => {
      this.#delivery?.record(message, count);
      this.#transport.send(message);
    });
  }

  /** The connection is gone: what waited is noted for the next one. */
  end(): void {
    this.#waitingSize = 0;
    this.#outbox.flush((message, count) => this.#delivery?.record(message, count));
  }

  /** Counts a message that came in, and confirms when enough have. */
  received(size: number, now: number): void {
    if (this.#delivery?.receive(size, now)) this.#confirm(this.#delivery);
  }

  /** @throws {ProtocolError} for a confirmation that cannot be. */
  confirmed(count: number): void {
    if (this.#delivery === null) throw new ProtocolError('MALFORMED', 'an ack before the session was open');
    this.#delivery.confirm(count);
  }

  /** Confirms what is overdue. */
  tick(now: number): void {
    if (this.#delivery !== null && now >= this.#delivery.ackBy) this.#confirm(this.#delivery);
  }

  /** Not with the next batch: the sender waits for it with memory. */
  #confirm(delivery: DeliveryLog): void {
    this.#transport.send(encodeAck(delivery.takeAck()));
  }
}
