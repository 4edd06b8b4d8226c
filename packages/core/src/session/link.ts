import { CloseCode, violationCodes } from '../close-codes.ts';
import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { decodeMessages, isBatch } from '../message/decode.ts';
import { encodeHello, encodeLeave, encodeWelcome } from '../message/encode.ts';
import {
  type HelloMessage,
  type HelloOptions,
  type Message,
  MessageType,
  PROTOCOL_VERSION,
  type WelcomeMessage,
  type WelcomeOptions,
} from '../message/messages.ts';
import type { SharedMessage, Transport, TransportClose, TransportListener } from '../transport.ts';
import { checkAuthentication } from './authentication.ts';
import { Courier } from './courier.ts';
import type { DeliveryLog } from './delivery-log.ts';
import type { LinkClose, LinkListener, LinkOptions } from './link-listener.ts';
import { Pulse } from './pulse.ts';

type Phase = 'opening' | 'authenticating' | 'open' | 'closed';

/**
 * One connection of a session, for both ends: hello and welcome, heartbeat, and the one place where a peer that breaks
 * the protocol is closed. It owns neither socket nor timer: feed it what the transport says, call `tick` at `deadline`
 * and `flush` after `pending`. protocol: "Session messages".
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #transport: Transport;
  readonly #courier: Courier;
  readonly #pulse: Pulse;
  #listener: LinkListener;
  /** Where the transport reports; nothing else may. */
  readonly transportListener: TransportListener = {
    message: (data) => this.receive(data),
    heard: (frame) => this.heard(frame),
    drained: () => this.#listener.drained?.(),
    closed: (event) => this.transportClosed(event),
  };
  #phase: Phase = 'opening';
  #openBy: number;
  #isAlive = false;
  #isPaused = false;
  /** While a server reads a message, and nothing waited before it. */
  #isAnswering = false;

  constructor(options: LinkOptions, transport: Transport, listener: LinkListener) {
    const now = options.environment.now();
    this.#options = options;
    this.#transport = transport;
    this.#courier = new Courier(transport);
    this.#listener = listener;
    this.#pulse = new Pulse(options.heartbeat, transport, now, (latencyMs) => this.#listener.latency(latencyMs));
    this.#openBy = now + options.openTimeoutMs;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  /** What was sent and has not left this process: bytes of the transport, and what waits for `flush`. */
  get bufferedSize(): number {
    return this.#courier.bufferedSize;
  }

  /** When `tick` is next due, in the environment's milliseconds. */
  get deadline(): number {
    if (this.#phase === 'closed') return Number.POSITIVE_INFINITY;
    if (this.#phase !== 'open') return this.#openBy;
    return Math.min(this.#pulse.deadline, this.#courier.ackBy);
  }

  /** Client: the first message. `auth` is what `encodeValue` made of the credentials. */
  hello(options: HelloOptions, auth: string): void {
    if (this.#phase === 'opening') this.#transport.send(encodeHello(options, auth));
  }

  /**
   * Server: opens the connection for a session, after `LinkListener.hello`. From here on `listener` is told, and
   * `missed` is sent again: what the client said it had not received.
   */
  welcome(
    session: string,
    options: WelcomeOptions,
    delivery: DeliveryLog,
    listener: LinkListener,
    missed: readonly EncodedMessage[],
  ): void {
    if (this.#phase !== 'authenticating') return;
    this.#phase = 'open';
    this.#listener = listener;
    this.#pulse.heard(this.#now());
    this.#transport.send(encodeWelcome(session, options));
    this.#courier.carry(delivery, missed);
  }

  /**
   * Client: which session this connection carries, on `LinkListener.welcome`; `missed` is what the server had not got,
   * and `maxMessageBytes` the largest message it takes.
   */
  carry(delivery: DeliveryLog, missed: readonly EncodedMessage[], maxMessageBytes?: number): void {
    if (this.#phase === 'open') this.#courier.carry(delivery, missed, maxMessageBytes);
  }

  /** Queues one encoded message for the end of this tick. Before the connection is open and after it, nothing happens. */
  send(message: EncodedMessage): void {
    if (this.#phase !== 'open') return;
    if (this.#courier.isEmpty && !this.#isAnswering) this.#listener.pending();
    this.#courier.push(message);
  }

  /** Sends a message of the session behind what was sent before, and uncounted: it concerns this connection alone. */
  sendUncounted(text: string): void {
    if (this.#phase !== 'open') return;
    this.flush();
    this.#transport.send(text);
  }

  /** Sends what goes to many behind what this peer alone was sent before. */
  sendShared(message: SharedMessage): void {
    if (this.#phase === 'open') this.#courier.sendShared(message);
  }

  flush(): void {
    if (this.#phase === 'open') this.#courier.flush();
  }

  /** Asks for a sign of life within `timeoutMs`; the answer is also reported as latency. */
  probe(timeoutMs: number): void {
    if (this.#phase !== 'open') return;
    this.#pulse.probe(timeoutMs, this.#now());
  }

  /**
   * Stops reading. What the peer sends meanwhile is not heard, so that its silence says nothing; it is still pinged at
   * the interval, so that it hears of this end.
   */
  pause(): void {
    if (this.#isPaused || this.#phase === 'closed') return;
    this.#isPaused = true;
    this.#transport.pause?.();
  }

  resume(): void {
    if (!this.#isPaused || this.#phase === 'closed') return;
    this.#isPaused = false;
    this.#pulse.heard(this.#now());
    this.#transport.resume?.();
  }

  /** Server: tells the client to move before closing it. protocol: "Leaving". */
  leave(code: number, retryAfterMs: number, reason: string): void {
    if (this.#phase === 'open') {
      this.flush();
      this.#transport.send(encodeLeave(code, retryAfterMs));
    }
    this.close(code, reason);
  }

  close(code: number, reason: string): void {
    if (this.#phase === 'closed') return;
    this.flush();
    this.#transport.close(code, reason);
    this.#end({ code, reason, local: true });
  }

  receive(data: string | Uint8Array): void {
    if (this.#phase === 'closed') return;
    this.#heardFrom();
    if (this.#phase !== 'open' && this.#options.role === 'server' && data.length > this.#options.maxHelloLength) {
      const error = new ProtocolError('TOO_BIG', `a hello above ${this.#options.maxHelloLength} characters`);
      return this.#fail(CloseCode.TooBig, error);
    }
    // What is answered at once leaves together when all has been read, and needs no flush of its own.
    this.#isAnswering = this.#options.role === 'server' && this.#courier.isEmpty;
    try {
      this.#read(data);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(violationCodes[error.code], error);
    } finally {
      if (this.#isAnswering) {
        this.#isAnswering = false;
        this.flush();
      }
    }
  }

  /** A control frame arrived, on a transport that shows them. */
  heard(frame: 'ping' | 'pong'): void {
    if (this.#phase === 'closed') return;
    this.#heardFrom();
    if (frame === 'pong') this.#pulse.answered(this.#now());
    else this.#remeasure();
  }

  tick(now: number): void {
    if (now < this.deadline) return;
    if (this.#phase !== 'open') {
      return this.#fail(
        CloseCode.HelloTimeout,
        new Error(`the session was not open after ${this.#options.openTimeoutMs} ms`),
      );
    }
    this.#courier.tick(now);
    if (this.#isPaused && now >= this.#pulse.deadline) return this.#pulse.remind(now);
    if (!this.#pulse.tick(now)) return;
    const error = new Error('nothing was heard within the heartbeat');
    this.#transport.terminate();
    this.#end({ code: CloseCode.HeartbeatMissed, reason: error.message, error, local: true });
  }

  /** The transport is gone; the session ends with it. */
  transportClosed(event: TransportClose): void {
    this.#end({ ...event, local: false });
  }

  #read(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      // Before anybody is known only text is read, which is bounded by less.
      if (this.#phase !== 'open') throw new ProtocolError('MALFORMED', 'a binary message before the session was open');
      const { decodeBinary, shapes } = this.#options;
      return this.#dispatch(decodeBinary(data, shapes), data.length);
    }
    const decoded = decodeMessages(data, this.#options.shapes);
    if (!isBatch(decoded)) return this.#dispatch(decoded, data.length);
    // The size counts once, with the first: what is confirmed is the whole.
    for (let index = 0; index < decoded.length; index++) {
      this.#dispatch(decoded[index] as Message, index === 0 ? data.length : 0);
    }
  }

  #dispatch(message: Message, size: number): void {
    // A batch that closed the session half-way: what follows is void, not wrong.
    if (this.#phase === 'closed') return;
    switch (message[0]) {
      case MessageType.Ping:
        this.#pulse.answer();
        return this.#remeasure();
      case MessageType.Pong:
        return this.#pulse.answered(this.#now());
      case MessageType.Ack:
        return this.#courier.confirmed(message[1]);
      case MessageType.Hello:
        return this.#receiveHello(message);
      case MessageType.Welcome:
        return this.#receiveWelcome(message);
      case MessageType.Renew:
      case MessageType.Auth:
      case MessageType.Authenticated:
        checkAuthentication(message, this.isOpen, this.#options);
        return this.#listener.authentication(message);
      case MessageType.Leave:
        if (this.#options.role === 'server')
          throw new ProtocolError('MALFORMED', 'only a server tells its peer to leave');
        return this.#listener.leave(message[1], message[2]);
      default:
        if (this.#phase !== 'open') throw new ProtocolError('MALFORMED', 'a message before the session was open');
        // Counted before it is handled: what the handling sends, or a connection it closes, comes after it.
        this.#courier.received(size, this.#now());
        return this.#listener.message(message);
    }
  }

  #receiveHello(message: HelloMessage): void {
    if (this.#options.role !== 'server' || this.#phase !== 'opening')
      throw new ProtocolError('MALFORMED', 'a hello out of turn');
    if (message[1] !== PROTOCOL_VERSION) {
      throw new ProtocolError('VERSION', `version ${message[1]} is not spoken here, ${PROTOCOL_VERSION} is`);
    }
    this.#phase = 'authenticating';
    this.#pulse.peerSeesFrames(message[2].control);
    this.#openBy = this.#now() + this.#options.openTimeoutMs;
    this.#listener.hello(message);
  }

  #receiveWelcome(message: WelcomeMessage): void {
    if (this.#options.role !== 'client' || this.#phase !== 'opening')
      throw new ProtocolError('MALFORMED', 'a welcome out of turn');
    this.#phase = 'open';
    this.#listener.welcome(message);
  }

  /** The server has just been heard from: a client takes the moment to measure, and its latency stays fresh. */
  #remeasure(): void {
    if (this.#options.role === 'client' && this.#phase === 'open') this.#pulse.measure(this.#now());
  }

  #heardFrom(): void {
    this.#pulse.heard(this.#now());
    if (this.#isAlive || this.#phase !== 'open') return;
    this.#isAlive = true;
    this.#listener.alive();
  }

  #now(): number {
    return this.#options.environment.now();
  }

  #fail(code: number, error: Error): void {
    if (this.#phase === 'closed') return;
    this.#transport.close(code, error.message);
    this.#end({ code, reason: error.message, error, local: true });
  }

  #end(event: LinkClose): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#courier.end();
    this.#listener.closed(event);
  }
}
