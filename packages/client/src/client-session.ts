import type { Serializer, TimerEnvironment } from '@typewire/core';
import {
  type CallerMessage,
  CallTable,
  type ChunkHost,
  type ClientLink,
  createClientShapes,
  DeliveryLog,
  type EncodedMessage,
  encodeError,
  MessageType,
  type OutgoingRequest,
  type PeerMessage,
  type ResumeFields,
  type Room,
  type SessionOutcome,
  type Shapes,
  SubscriptionTable,
  type WelcomeMessage,
} from '@typewire/core/internal';
import type { HandlerRunner } from './handlers/handler-runner.ts';
import { PendingJoins } from './pending-joins.ts';

export interface ClientSessionOptions {
  readonly serializer: Serializer;
  readonly maxQueueBytes: number;
  readonly environment: TimerEnvironment;
}

/** Uploads wait while more than this is on its way, in bytes. */
const MAX_BUFFERED_SIZE = 65_536;

/** What is needed to go on with a session. */
interface Ticket {
  readonly session: string;
  readonly token: string;
  readonly resumableMs: number;
}

/**
 * What is asked and followed on the server, and outlasts every connection. A lost connection leaves it as it is until
 * the next one tells whether the server still has the session: then all of it goes on, or what cannot go on is told.
 * protocol: "Resuming a session".
 */
export class ClientSession implements ChunkHost {
  readonly serializer: Serializer;
  readonly environment: TimerEnvironment;
  /** By it the server knows idempotency keys of an earlier session. */
  readonly name: string;
  readonly calls: CallTable;
  readonly subscriptions: SubscriptionTable;
  /** What the server may send. */
  readonly shapes: Shapes = createClientShapes();
  /** Given before the first connection, if there are any. */
  handlers: HandlerRunner | null = null;
  room: Room | null = null;
  readonly joins: PendingJoins = new PendingJoins();
  #delivery: DeliveryLog = new DeliveryLog();
  #ticket: Ticket | null = null;
  #link: ClientLink | null = null;
  /** Until when a session without a connection may be resumed; `Infinity` while it has one, or there is none. */
  #resumableUntil = Number.POSITIVE_INFINITY;

  constructor({ serializer, maxQueueBytes, environment }: ClientSessionOptions) {
    this.serializer = serializer;
    this.environment = environment;
    this.name = environment.createId();
    this.calls = new CallTable({ serializer, maxQueueSize: maxQueueBytes });
    this.subscriptions = new SubscriptionTable(serializer, this.calls);
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return Math.min(this.calls.deadline, this.handlers?.deadline ?? Number.POSITIVE_INFINITY, this.#resumableUntil);
  }

  /** What a hello says of the session, if there is one to go on with. */
  get resume(): ResumeFields | undefined {
    return this.#ticket === null ? undefined : [this.#ticket.session, this.#ticket.token, this.#delivery.received];
  }

  /** Whether uploads wait: for what is on its way, or for a connection. */
  get isCongested(): boolean {
    return this.#link === null || this.#link.bufferedSize > MAX_BUFFERED_SIZE;
  }

  /** Largest message the server takes. */
  get maxMessageBytes(): number {
    return this.calls.maxMessageBytes;
  }

  /** Makes a request of the application's, behind every subscription it has made before. */
  start(request: OutgoingRequest, now: number): void {
    this.joins.drain();
    this.calls.start(request, now);
  }

  /** Sends now, or when the session goes on; without a session, nothing happens. */
  send(message: EncodedMessage): void {
    if (this.#link !== null) this.#link.send(message);
    else if (this.#ticket !== null) this.#delivery.record(message);
  }

  /**
   * A connection is open, for a new session or the one there was. `null` when the server has it, but this end no
   * longer has what the server missed: then the session is gone, and the connection of no use.
   */
  opened(link: ClientLink, [, session, options]: WelcomeMessage, now: number): SessionOutcome | null {
    const { outcome, token, received, resumableMs } = options;
    const isResumed = outcome === 'resumed';
    const missed = isResumed ? this.#delivery.after(received) : [];
    if (missed === null || (isResumed && this.#ticket?.session !== session)) {
      this.drop();
      return null;
    }
    if (!isResumed) this.drop();
    this.#ticket = resumableMs > 0 ? { session, token, resumableMs } : null;
    this.#resumableUntil = Number.POSITIVE_INFINITY;
    this.#link = link;
    this.calls.maxMessageBytes = options.maxMessageBytes;
    link.carry(this.#delivery, missed, options.maxMessageBytes);
    this.room?.look();
    const send = (message: EncodedMessage): void => this.send(message);
    if (isResumed) this.calls.resumed(send, now, () => this.subscriptions.resumed(send, now));
    else this.calls.connected(send, now, () => this.subscriptions.connected(send, now));
    return outcome;
  }

  receive(message: PeerMessage): void {
    switch (message[0]) {
      case MessageType.Result:
      case MessageType.Error:
      case MessageType.Item:
      case MessageType.End:
      case MessageType.Tracked:
      case MessageType.Grant:
      case MessageType.Stop:
        return this.calls.receive(message);
      case MessageType.Subscribed:
      case MessageType.Event:
      case MessageType.Ended:
      case MessageType.Gap:
      case MessageType.Skip:
      case MessageType.Past:
      case MessageType.Presence:
      case MessageType.Standing:
        return this.subscriptions.receive(message);
      default:
        // What only a client says has no shape here.
        return this.handlers === null
          ? this.#refuse(message as CallerMessage)
          : this.handlers.receive(message as CallerMessage);
    }
  }

  #refuse([type, id]: CallerMessage): void {
    if (
      type === MessageType.Call ||
      type === MessageType.Mutate ||
      type === MessageType.Open ||
      type === MessageType.Upload
    ) {
      this.send(encodeError(id, 'NOT_FOUND', 'the client has no handlers', ''));
    }
  }

  /** The connection is gone. With `mayResume` the session waits for the next one; without, it is over. */
  disconnected(mayResume: boolean, now: number): void {
    const hadLink = this.#link !== null;
    this.#link = null;
    if (!mayResume || this.#ticket === null || !this.#delivery.isWhole) return this.drop();
    if (!hadLink) return;
    this.#resumableUntil = now + this.#ticket.resumableMs;
    const post = (message: EncodedMessage): void => this.send(message);
    this.calls.suspended(post);
    this.subscriptions.suspended(post);
  }

  /** Gives the session up: what may have run is repeated or fails, subscriptions begin anew. */
  drop(): void {
    this.#forget();
    this.#delivery = new DeliveryLog();
    // In this order: what a listener of a handler's signal or a subscription calls waits for the next connection.
    this.calls.disconnected();
    this.subscriptions.disconnected();
    this.handlers?.ended();
  }

  /** `obstacle` is why there is no connection, when that is known. */
  tick(now: number, obstacle: Error | null): void {
    this.calls.tick(now, obstacle);
    this.handlers?.tick(now);
    if (now >= this.#resumableUntil) this.drop();
  }

  /** Ends for good. */
  close(reason: string): void {
    this.#forget();
    // Those of this tick end like the others.
    this.joins.drain();
    this.handlers?.ended();
    this.subscriptions.close();
    this.calls.close(reason);
  }

  /** There is nothing to send by, and nothing to come back to. */
  #forget(): void {
    this.#ticket = null;
    this.#link = null;
    this.#resumableUntil = Number.POSITIVE_INFINITY;
  }
}
