import { CloseCode, violationCodes } from '../close-codes.ts';
import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { decodeMessages, isBatch } from '../message/decode.ts';
import { type Message, MessageType } from '../message/messages.ts';
import type { Transport, TransportClose } from '../transport.ts';
import { Courier } from './courier.ts';
import type { ConnectionMessage, LinkClose, LinkListener, LinkOptions } from './link-listener.ts';
import { Pulse } from './pulse.ts';

type Phase = 'opening' | 'authenticating' | 'open' | 'closed';

/**
 * One connection of a session, as far as both ends have it in common: heartbeat, batches, confirmations, and the one
 * place where a peer that breaks the protocol is closed. How it is opened is for `ClientLink` and `ServerLink`. It owns
 * neither socket nor timer: feed it what the transport says, call `tick` at `deadline` and `flush` after `pending`.
 * protocol: "Session messages".
 */
export abstract class Link<Listener extends LinkListener = LinkListener> {
  protected readonly options: LinkOptions;
  protected readonly transport: Transport;
  protected readonly courier: Courier;
  protected readonly pulse: Pulse;
  protected listener: Listener;
  protected phase: Phase = 'opening';
  protected openBy: number;

  constructor(options: LinkOptions, transport: Transport, listener: Listener) {
    const now = options.environment.now();
    this.options = options;
    this.transport = transport;
    this.courier = new Courier(transport);
    this.listener = listener;
    this.pulse = new Pulse(options.heartbeat, transport, now, (latencyMs) => this.listener.latency?.(latencyMs));
    this.openBy = now + options.openTimeoutMs;
  }

  get isOpen(): boolean {
    return this.phase === 'open';
  }

  get isClosed(): boolean {
    return this.phase === 'closed';
  }

  /** What was sent and has not left this process: bytes of the transport, and what waits for `flush`. */
  get bufferedSize(): number {
    return this.courier.bufferedSize;
  }

  /** When `tick` is next due, in the environment's milliseconds. */
  get deadline(): number {
    if (this.phase === 'closed') return Number.POSITIVE_INFINITY;
    if (this.phase !== 'open') return this.openBy;
    return Math.min(this.pulse.deadline, this.courier.ackBy);
  }

  /** Queues one encoded message for the end of this tick. Before the connection is open and after it, nothing happens. */
  send(message: EncodedMessage): void {
    if (this.phase !== 'open') return;
    if (this.courier.isEmpty) this.listener.pending();
    this.courier.push(message);
  }

  /** Sends a message of the session behind what was sent before, and uncounted: it concerns this connection alone. */
  sendUncounted(text: string): void {
    if (this.phase !== 'open') return;
    this.flush();
    this.transport.send(text);
  }

  flush(): void {
    if (this.phase === 'open') this.courier.flush();
  }

  close(code: number, reason: string): void {
    if (this.phase === 'closed') return;
    this.flush();
    this.transport.close(code, reason);
    this.end({ code, reason, local: true });
  }

  receive(data: string | Uint8Array): void {
    if (this.phase === 'closed') return;
    const now = this.now();
    this.pulse.heard(now);
    try {
      this.#read(data, now);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail(violationCodes[error.code], error);
    }
  }

  /** A control frame arrived, on a transport that shows them. */
  heard(frame: 'ping' | 'pong'): void {
    if (this.phase === 'closed') return;
    this.pulse.heard(this.now());
    if (frame === 'pong') this.pulse.answered(this.now());
    else this.pinged();
  }

  tick(now: number): void {
    if (now < this.deadline) return;
    if (this.phase !== 'open') {
      return this.fail(
        CloseCode.HelloTimeout,
        new Error(`the session was not open after ${this.options.openTimeoutMs} ms`),
      );
    }
    this.courier.tick(now);
    if (!this.pulse.tick(now)) return;
    const error = new Error('nothing was heard within the heartbeat');
    this.transport.terminate();
    this.end({ code: CloseCode.HeartbeatMissed, reason: error.message, error, local: true });
  }

  /** The transport is gone; the session ends with it. */
  transportClosed(event: TransportClose): void {
    this.end({ ...event, local: false });
  }

  /** Takes what concerns the connection and is not for both ends. @throws {ProtocolError} when it comes out of turn. */
  protected abstract control(message: ConnectionMessage): void;

  /** @throws {ProtocolError} for text that is not even parsed. */
  protected check(_text: string): void {}

  /** The peer asked for a sign of life, and has got it. */
  protected pinged(): void {}

  protected now(): number {
    return this.options.environment.now();
  }

  protected fail(code: number, error: Error): void {
    if (this.phase === 'closed') return;
    this.transport.close(code, error.message);
    this.end({ code, reason: error.message, error, local: true });
  }

  protected end(event: LinkClose): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.courier.end();
    this.listener.closed(event);
  }

  #read(data: string | Uint8Array, now: number): void {
    if (typeof data !== 'string') {
      // Before anybody is known only text is read, which is bounded by less.
      if (this.phase !== 'open') throw new ProtocolError('MALFORMED', 'a binary message before the session was open');
      const { decodeBinary, shapes } = this.options;
      return this.#dispatch(decodeBinary(data, shapes), data.length, now);
    }
    this.check(data);
    const decoded = decodeMessages(data, this.options.shapes);
    if (!isBatch(decoded)) return this.#dispatch(decoded, data.length, now);
    // The size counts once, with the first: what is confirmed is the whole.
    for (let index = 0; index < decoded.length; index++) {
      this.#dispatch(decoded[index] as Message, index === 0 ? data.length : 0, now);
    }
  }

  #dispatch(message: Message, size: number, now: number): void {
    // A batch that closed the session half-way: what follows is void, not wrong.
    if (this.phase === 'closed') return;
    switch (message[0]) {
      case MessageType.Ping:
        this.pulse.answer();
        return this.pinged();
      case MessageType.Pong:
        return this.pulse.answered(now);
      case MessageType.Ack:
        return this.courier.confirmed(message[1]);
      case MessageType.Hello:
      case MessageType.Welcome:
      case MessageType.Renew:
      case MessageType.Auth:
      case MessageType.Authenticated:
      case MessageType.Leave:
        return this.control(message);
      default:
        if (this.phase !== 'open') throw new ProtocolError('MALFORMED', 'a message before the session was open');
        // Counted before it is handled: what the handling sends, or a connection it closes, comes after it.
        this.courier.received(size, now);
        return this.listener.message(message, size);
    }
  }
}
