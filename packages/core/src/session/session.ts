import { CloseCode } from '../close-codes.ts';
import type { Environment } from '../environment.ts';
import { ProtocolError } from '../errors.ts';
import { decodeMessages, isBatch } from '../message/decode.ts';
import { encodeHello, encodeLeave, encodeWelcome, PING, PONG } from '../message/encode.ts';
import {
  type CalleeMessage,
  type CallerMessage,
  type ChannelMessage,
  type HelloMessage,
  type HelloOptions,
  type Message,
  MessageType,
  PROTOCOL_VERSION,
  type SubscriberMessage,
  type WelcomeMessage,
  type WelcomeOptions,
} from '../message/messages.ts';
import type { SharedMessage, Transport, TransportClose, TransportListener } from '../transport.ts';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts';
import { Outbox } from './outbox.ts';

export type Role = 'client' | 'server';
/** Messages that an open session hands up. */
export type PeerMessage = CallerMessage | CalleeMessage | SubscriberMessage | ChannelMessage;

export interface SessionOptions {
  readonly role: Role;
  readonly environment: Environment;
  readonly heartbeat: HeartbeatOptions;
  /** Longest wait for the peer's opening message, in milliseconds. */
  readonly openTimeoutMs: number;
  /** Largest hello a server reads, in UTF-16 units: before it, nobody is known. */
  readonly maxHelloLength: number;
}

/** Why a session ended, from either side. */
export interface SessionClose extends TransportClose {
  /** Whether this end decided it. */
  readonly local: boolean;
}

/** What the layer above is told, synchronously and in order. None of it may throw but `message` a `ProtocolError`. */
export interface SessionListener {
  /** Server: answer with `welcome`, or `close`, now or later. */
  hello(message: HelloMessage): void;
  /** Client: the server has accepted us. */
  welcome(message: WelcomeMessage): void;
  message(message: PeerMessage): void;
  /** The server asks this client to move. `retryAfterMs` 0 leaves the delay to the client. */
  leave(code: number, retryAfterMs: number): void;
  latency(latencyMs: number): void;
  /** Something waits in the outbox: call `flush` before the tick ends. */
  pending(): void;
  /** The last call. */
  closed(event: SessionClose): void;
}

type Phase = 'opening' | 'authenticating' | 'open' | 'closed';

/**
 * One connection's conversation, for both ends: hello and welcome, heartbeat, batching, and the one place where a
 * peer that breaks the protocol is closed. It owns neither socket nor timer: feed it what the transport says, call
 * `tick` at `deadline` and `flush` after `pending`. protocol: "Session".
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #transport: Transport;
  readonly #listener: SessionListener;
  readonly #outbox: Outbox = new Outbox();
  readonly #heartbeat: Heartbeat;
  /** Where the transport reports; nothing else may. */
  readonly transportListener: TransportListener = {
    message: (data) => this.receive(data),
    heard: (frame) => this.heard(frame),
    closed: (event) => this.transportClosed(event),
  };
  #phase: Phase = 'opening';
  #openBy: number;
  #pingSentAt: number | null = null;
  #pingsWithFrames: boolean;

  constructor(options: SessionOptions, transport: Transport, listener: SessionListener) {
    const now = options.environment.now();
    this.#options = options;
    this.#transport = transport;
    this.#listener = listener;
    this.#heartbeat = new Heartbeat(options.heartbeat, now);
    this.#openBy = now + options.openTimeoutMs;
    this.#pingsWithFrames = transport.ping !== undefined;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  /** When `tick` is next due, in the environment's milliseconds. */
  get deadline(): number {
    if (this.#phase === 'closed') return Number.POSITIVE_INFINITY;
    return this.#phase === 'open' ? this.#heartbeat.deadline : this.#openBy;
  }

  /** Client: the first message. `auth` is what `encodeValue` made of the credentials. */
  hello(options: HelloOptions, auth: string): void {
    if (this.#phase === 'opening') this.#transport.send(encodeHello(options, auth));
  }

  /** Server: opens the session after `SessionListener.hello`. */
  welcome(session: string, options: WelcomeOptions): void {
    if (this.#phase !== 'authenticating') return;
    this.#phase = 'open';
    this.#heartbeat.heard(this.#options.environment.now());
    this.#transport.send(encodeWelcome(session, options));
  }

  /** Queues one encoded message for the end of this tick. Before the session is open and after it, nothing happens. */
  send(text: string): void {
    if (this.#phase !== 'open') return;
    if (this.#outbox.isEmpty) this.#listener.pending();
    this.#outbox.push(text);
  }

  /** Sends what goes to many behind what this peer alone was sent before. */
  sendShared(message: SharedMessage): void {
    if (this.#phase !== 'open') return;
    this.flush();
    this.#transport.sendShared(message);
  }

  flush(): void {
    if (this.#phase !== 'open') return;
    this.#outbox.flush((text) => this.#transport.send(text));
  }

  /** Asks for a sign of life within `timeoutMs`; the answer is also reported as latency. */
  probe(timeoutMs: number): void {
    if (this.#phase !== 'open') return;
    this.#heartbeat.probe(timeoutMs, this.#options.environment.now());
    this.#sendPing();
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
    this.#heartbeat.heard(this.#options.environment.now());
    if (typeof data !== 'string')
      return this.#fail(
        CloseCode.Unsupported,
        new ProtocolError('MALFORMED', 'binary messages carry nothing in this version'),
      );
    if (this.#phase !== 'open' && this.#options.role === 'server' && data.length > this.#options.maxHelloLength) {
      return this.#fail(
        CloseCode.TooBig,
        new ProtocolError('TOO_BIG', `a hello above ${this.#options.maxHelloLength} characters`),
      );
    }
    try {
      const decoded = decodeMessages(data);
      if (!isBatch(decoded)) return this.#dispatch(decoded);
      for (const message of decoded) this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(error.code === 'VERSION' ? CloseCode.Version : CloseCode.Malformed, error);
    }
  }

  /** A control frame arrived, on a transport that shows them. */
  heard(frame: 'ping' | 'pong'): void {
    if (this.#phase === 'closed') return;
    this.#heartbeat.heard(this.#options.environment.now());
    if (frame === 'pong') this.#measure();
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
    const due = this.#heartbeat.tick(now);
    if (due === 'ping') this.#sendPing();
    if (due !== 'dead') return;
    const error = new Error('nothing was heard within the heartbeat');
    this.#transport.terminate();
    this.#end({ code: CloseCode.HeartbeatMissed, reason: error.message, error, local: true });
  }

  /** The transport is gone; the session ends with it. */
  transportClosed(event: TransportClose): void {
    this.#end({ ...event, local: false });
  }

  #dispatch(message: Message): void {
    // A batch that closed the session half-way: what follows is void, not wrong.
    if (this.#phase === 'closed') return;
    switch (message[0]) {
      case MessageType.Ping:
        this.#transport.send(PONG);
        return this.#remeasure();
      case MessageType.Pong:
        return this.#measure();
      case MessageType.Hello:
        return this.#receiveHello(message);
      case MessageType.Welcome:
        return this.#receiveWelcome(message);
      case MessageType.Leave:
        if (this.#options.role === 'server')
          throw new ProtocolError('MALFORMED', 'only a server tells its peer to leave');
        return this.#listener.leave(message[1], message[2]);
      default:
        if (this.#phase !== 'open') throw new ProtocolError('MALFORMED', 'a message before the session was open');
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
    // A script that sees no control frames would not know that the server lives: it gets the same numbers as messages.
    this.#pingsWithFrames &&= message[2].control;
    this.#openBy = this.#options.environment.now() + this.#options.openTimeoutMs;
    this.#listener.hello(message);
  }

  #receiveWelcome(message: WelcomeMessage): void {
    if (this.#options.role !== 'client' || this.#phase !== 'opening')
      throw new ProtocolError('MALFORMED', 'a welcome out of turn');
    this.#phase = 'open';
    this.#listener.welcome(message);
  }

  #sendPing(): void {
    this.#pingSentAt = this.#options.environment.now();
    if (this.#pingsWithFrames) this.#transport.ping?.();
    else this.#transport.send(PING);
  }

  /** The server has just been heard from: a client takes the moment to measure, and its latency stays fresh. */
  #remeasure(): void {
    if (this.#options.role === 'client' && this.#phase === 'open' && this.#pingSentAt === null) this.#sendPing();
  }

  #measure(): void {
    if (this.#pingSentAt === null) return;
    const latencyMs = this.#options.environment.now() - this.#pingSentAt;
    this.#pingSentAt = null;
    this.#listener.latency(latencyMs);
  }

  #fail(code: number, error: Error): void {
    if (this.#phase === 'closed') return;
    this.#transport.close(code, error.message);
    this.#end({ code, reason: error.message, error, local: true });
  }

  #end(event: SessionClose): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#outbox.clear();
    this.#listener.closed(event);
  }
}
