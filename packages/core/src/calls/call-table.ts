import { CallError, callFailure, type Delivery, ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodeCancel } from '../message/encode.ts';
import { excessOf } from '../message/excess.ts';
import { type CalleeMessage, MessageType } from '../message/messages.ts';
import type { Serializer } from '../message/serializer.ts';
import { decodeValue } from '../message/value.ts';
import type { OutgoingRequest } from './outgoing-call.ts';

export interface CallTableOptions {
  readonly serializer: Serializer;
  /** Size of all calls waiting for a connection above which further ones fail, in UTF-16 units. */
  readonly maxQueueSize: number;
}

/**
 * The calls this end has made and that have no outcome yet. It outlives connections: what was never sent waits for the
 * next one, what was sent and may be repeated is sent again, and the rest fails with `delivery: 'unknown'`. Ids count
 * up within one session and are never reused. protocol: "Session", "Calls".
 */
export class CallTable {
  readonly #options: CallTableOptions;
  readonly #sent: Map<number, OutgoingRequest> = new Map();
  readonly #waiting: Set<OutgoingRequest> = new Set();
  /** Those that wait to be repeated: they may have run on a connection that was lost. */
  readonly #repeated: WeakSet<OutgoingRequest> = new WeakSet();
  #waitingSize = 0;
  #lastId = 0;
  /** For messages about calls that were sent, too: without a session there are none. */
  #send: (message: EncodedMessage) => void = () => {};
  /** Whether calls can be sent. */
  #isOpen = false;
  #deadline = Number.POSITIVE_INFINITY;
  /** Largest message the peer takes, in bytes. A request above it fails with `LIMIT_EXCEEDED`, unsent. */
  maxMessageBytes: number = Number.POSITIVE_INFINITY;

  constructor(options: CallTableOptions) {
    this.#options = options;
  }

  /** When `tick` is next due. May be early after a call has settled, never late. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Calls without an outcome. */
  get size(): number {
    return this.#sent.size + this.#waiting.size;
  }

  /** Sends a request, or keeps it until there is a connection. */
  start(request: OutgoingRequest, now: number): void {
    if (this.#isOpen) {
      this.#transmit(request, now);
    } else if (this.#waitingSize + request.size > this.#options.maxQueueSize) {
      return request.fail(
        callFailure('QUEUE_FULL', 'too much is waiting for a connection: see the option maxQueueBytes', 'not-sent'),
      );
    } else {
      this.#wait(request);
    }
    if (request.deadline < this.#deadline) this.#deadline = request.deadline;
  }

  /**
   * A new session is open: everything that waits leaves, in order. What `first` starts leaves before it: who follows a
   * topic and has a publication waiting wants to hear it.
   */
  connected(send: (message: EncodedMessage) => void, now: number, first: () => void = () => {}): void {
    this.#lastId = 0;
    this.resumed(send, now, first);
  }

  /**
   * The connection is lost, but the session may go on: what was sent keeps waiting for its answer, what is new waits
   * for a connection, and `post` takes what concerns calls that were sent.
   */
  suspended(post: (message: EncodedMessage) => void): void {
    this.#send = post;
    this.#isOpen = false;
  }

  /** The session goes on: what waits leaves, in order, behind what `first` starts. */
  resumed(send: (message: EncodedMessage) => void, now: number, first: () => void = () => {}): void {
    this.#send = send;
    this.#isOpen = true;
    first();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#waitingSize = 0;
    for (const request of waiting) this.#transmit(request, now);
  }

  /** The session is gone: what may have run is repeated if that does no harm, and fails if it may. */
  disconnected(): void {
    this.#isOpen = false;
    const sent = [...this.#sent.values()];
    this.#sent.clear();
    const later = [...this.#waiting];
    this.#waiting.clear();
    this.#waitingSize = 0;
    for (const request of sent) {
      if (!request.repeatable) continue;
      this.#repeated.add(request);
      this.#wait(request);
    }
    for (const request of later) this.#wait(request);
    for (const request of sent) {
      if (!request.repeatable) {
        request.fail(
          callFailure(
            'DISCONNECTED',
            'the connection was lost before the answer came; the handler may have run',
            'unknown',
          ),
        );
      }
    }
  }

  /** Gives a call up on this end and tells the peer. Nothing happens when it already has an outcome. */
  cancel(request: OutgoingRequest, code: 'ABORTED' | 'TIMEOUT', message: string, cause?: unknown): void {
    const wasSent = this.#sent.get(request.id) === request;
    if (!wasSent && !this.#waiting.has(request)) return;
    if (wasSent) this.#send(encodeCancel(request.id));
    this.#forget(request);
    const delivery = wasSent ? 'unknown' : this.#deliveryOfWaiting(request);
    request.fail(callFailure(code, message, delivery, cause));
  }

  /** Whether the request is still without an outcome. */
  has(request: OutgoingRequest): boolean {
    return this.#sent.get(request.id) === request || this.#waiting.has(request);
  }

  /**
   * Takes the answer to one of our requests.
   *
   * @throws {ProtocolError} for an id that was never given out, an answer that is not one to this kind of request, or a
   *   value that is malformed.
   */
  receive(message: CalleeMessage): void {
    const request = this.find(message[1]);
    // Answers to a call given up here cross our cancel on the wire: noise, not errors.
    if (request === null) return;
    switch (message[0]) {
      case MessageType.Result: {
        expectAnswer(request, 'result');
        const value = decodeValue(this.#options.serializer, message, 2);
        this.#sent.delete(request.id);
        return request.result(value);
      }
      case MessageType.Item:
        expectAnswer(request, 'items');
        return request.item(decodeValue(this.#options.serializer, message, 2));
      case MessageType.Tracked:
        expectAnswer(request, 'items');
        return request.tracked(message[2], decodeValue(this.#options.serializer, message, 3));
      case MessageType.Grant:
        return request.upload?.grant(request.id, message[2]);
      case MessageType.Stop:
        return request.upload?.stop();
      case MessageType.End:
        expectAnswer(request, 'items');
        this.#sent.delete(request.id);
        return request.end();
      case MessageType.Error: {
        const data = decodeValue(this.#options.serializer, message, 4);
        this.#sent.delete(request.id);
        return request.fail(new CallError(message[2], message[3], { data, delivery: 'answered' }));
      }
    }
  }

  /** The request an answer belongs to, or `null` when it has been given up. */
  find(id: number): OutgoingRequest | null {
    const request = this.#sent.get(id);
    if (request === undefined && id > this.#lastId)
      throw new ProtocolError('MALFORMED', `an answer to call ${id}, which was never made`);
    return request ?? null;
  }

  /** Takes a request out of the table whose outcome only its maker knows. `false` when it was there no more. */
  settle(request: OutgoingRequest): boolean {
    return this.#forget(request);
  }

  /** Fails what is due. `obstacle` is why there is no connection, for those that wait for one. */
  tick(now: number, obstacle: Error | null = null): void {
    if (now < this.#deadline) return;
    this.#deadline = Number.POSITIVE_INFINITY;
    const why = obstacle === null ? '' : `: ${obstacle.message}`;
    for (const request of [...this.#sent.values(), ...this.#waiting]) {
      if (request.deadline > now) {
        this.#deadline = Math.min(this.#deadline, request.deadline);
        continue;
      }
      const text = !this.#waiting.has(request)
        ? 'no answer came within the time given'
        : request.value === null
          ? 'what it brings could not be read within the time given'
          : `no connection within the time given${why}`;
      this.cancel(request, 'TIMEOUT', text, obstacle ?? undefined);
    }
  }

  /** Nothing will be sent any more: fails whatever has no outcome. */
  close(reason: string): void {
    const sent = [...this.#sent.values()];
    const waiting = [...this.#waiting];
    this.#sent.clear();
    this.#waiting.clear();
    this.#waitingSize = 0;
    this.#isOpen = false;
    for (const request of sent) request.fail(callFailure('DISCONNECTED', reason, 'unknown'));
    for (const request of waiting) {
      const delivery = this.#deliveryOfWaiting(request);
      request.fail(callFailure('DISCONNECTED', reason, delivery));
    }
  }

  #transmit(request: OutgoingRequest, now: number): void {
    if (request.value === null) return this.#wait(request);
    const id = this.#lastId + 1;
    const remainingMs =
      request.deadline === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.ceil(request.deadline - now));
    const encoded = request.encode(id, remainingMs);
    const excess = excessOf(encoded, this.maxMessageBytes);
    if (excess !== null) {
      const delivery = this.#deliveryOfWaiting(request);
      return request.fail(callFailure('LIMIT_EXCEEDED', excess, delivery));
    }
    this.#lastId = id;
    request.id = id;
    this.#sent.set(id, request);
    this.#send(encoded);
  }

  #deliveryOfWaiting(request: OutgoingRequest): Delivery {
    return this.#repeated.has(request) ? 'unknown' : 'not-sent';
  }

  #wait(request: OutgoingRequest): void {
    request.id = 0;
    this.#waiting.add(request);
    this.#waitingSize += request.size;
  }

  #forget(request: OutgoingRequest): boolean {
    if (!this.#waiting.delete(request)) return this.#sent.get(request.id) === request && this.#sent.delete(request.id);
    this.#waitingSize -= request.size;
    return true;
  }
}

/** Before the request is let go: one that is answered wrongly is failed with the connection that closes over it. */
function expectAnswer(request: OutgoingRequest, answer: OutgoingRequest['answer']): void {
  if (request.answer === answer) return;
  throw new ProtocolError('MALFORMED', `request ${request.id} was answered with ${answer}, not ${request.answer}`);
}
