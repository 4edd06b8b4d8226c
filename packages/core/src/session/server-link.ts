import { CloseCode } from '../close-codes.ts';
import { ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodeLeave, encodeWelcome } from '../message/encode.ts';
import {
  type AuthMessage,
  type HelloMessage,
  MessageType,
  PROTOCOL_VERSION,
  type WelcomeOptions,
} from '../message/messages.ts';
import { checkNesting } from '../message/nesting.ts';
import type { SharedMessage, Transport, TransportListener } from '../transport.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { Link } from './link.ts';
import type { ConnectionMessage, LinkOptions, ServerLinkListener } from './link-listener.ts';

export interface ServerLinkOptions extends LinkOptions {
  /** Largest hello that is read, in UTF-16 units: before it, nobody is known. */
  readonly maxHelloLength: number;
}

/** A server's end of a connection: hears a hello, welcomes or sends away, and may stop reading. protocol: "Session messages". */
export class ServerLink extends Link<ServerLinkListener> {
  readonly #maxHelloLength: number;
  #isAlive = false;
  #isPaused = false;
  /** While a message is read, and nothing waited before it. */
  #isAnswering = false;

  constructor(options: ServerLinkOptions, transport: Transport, listener: ServerLinkListener) {
    super(options, transport, listener);
    this.#maxHelloLength = options.maxHelloLength;
  }

  /** Where the transport reports; nothing else may. */
  get transportListener(): TransportListener {
    return {
      message: (data) => this.receive(data),
      heard: (frame) => this.heard(frame),
      drained: () => this.listener.drained?.(),
      closed: (event) => this.transportClosed(event),
    };
  }

  /**
   * Opens the connection for a session, after `ServerLinkListener.hello`. From here on `listener` is told, and `missed` is
   * sent again: what the client said it had not received.
   */
  welcome(
    session: string,
    options: WelcomeOptions,
    delivery: DeliveryLog,
    listener: ServerLinkListener,
    missed: readonly EncodedMessage[],
  ): void {
    if (this.phase !== 'authenticating') return;
    this.phase = 'open';
    this.listener = listener;
    this.pulse.heard(this.now());
    this.transport.send(encodeWelcome(session, options));
    this.courier.carry(delivery, missed);
  }

  override send(message: EncodedMessage): void {
    if (this.phase !== 'open') return;
    if (this.courier.isEmpty && !this.#isAnswering) this.listener.pending();
    this.courier.push(message);
  }

  /** Sends what goes to many behind what this peer alone was sent before. */
  sendShared(message: SharedMessage): void {
    if (this.phase === 'open') this.courier.sendShared(message);
  }

  /**
   * Stops reading. What the peer sends meanwhile is not heard, so that its silence says nothing; it is still pinged at
   * the interval, so that it hears of this end.
   */
  pause(): void {
    if (this.#isPaused || this.phase === 'closed') return;
    this.#isPaused = true;
    this.transport.pause?.();
  }

  resume(): void {
    if (!this.#isPaused || this.phase === 'closed') return;
    this.#isPaused = false;
    this.pulse.heard(this.now());
    this.transport.resume?.();
  }

  /** Tells the client to move before closing it. protocol: "Leaving". */
  leave(code: number, retryAfterMs: number, reason: string): void {
    if (this.phase === 'open') {
      this.flush();
      this.transport.send(encodeLeave(code, retryAfterMs));
    }
    this.close(code, reason);
  }

  override receive(data: string | Uint8Array): void {
    if (this.phase === 'closed') return;
    this.#confirmAlive();
    if (this.phase !== 'open' && data.length > this.#maxHelloLength) {
      const error = new ProtocolError('TOO_BIG', `a hello above ${this.#maxHelloLength} characters`);
      return this.fail(CloseCode.TooBig, error);
    }
    // What is answered at once leaves together when all has been read, and needs no flush of its own.
    this.#isAnswering = this.courier.isEmpty;
    try {
      super.receive(data);
    } finally {
      if (this.#isAnswering) {
        this.#isAnswering = false;
        this.flush();
      }
    }
  }

  override heard(frame: 'ping' | 'pong'): void {
    this.#confirmAlive();
    super.heard(frame);
  }

  override tick(now: number): void {
    if (!this.#isPaused || this.phase !== 'open' || now < this.pulse.deadline) return super.tick(now);
    this.courier.tick(now);
    // Shows that this end lives, and expects nothing of the peer until the next interval has passed.
    this.pulse.ping(now);
    this.pulse.heard(now);
  }

  protected override check(text: string): void {
    checkNesting(text);
  }

  protected override control(message: ConnectionMessage): void {
    switch (message[0]) {
      case MessageType.Hello:
        return this.#receiveHello(message);
      case MessageType.Auth:
        return this.#receiveAuth(message);
      default:
        throw new ProtocolError('MALFORMED', `a message of type ${message[0]}, which only a server sends`);
    }
  }

  #receiveHello(message: HelloMessage): void {
    if (this.phase !== 'opening') throw new ProtocolError('MALFORMED', 'a hello out of turn');
    if (message[1] !== PROTOCOL_VERSION) {
      throw new ProtocolError('VERSION', `version ${message[1]} is not spoken here, ${PROTOCOL_VERSION} is`);
    }
    this.phase = 'authenticating';
    this.pulse.pingsWithFrames &&= message[2].control;
    this.openBy = this.now() + this.options.openTimeoutMs;
    this.listener.hello(message);
  }

  /** Credentials on an open session, of a size that would have fitted into a hello. protocol: "Authentication". */
  #receiveAuth(message: AuthMessage): void {
    if (this.phase !== 'open') throw new ProtocolError('MALFORMED', 'a message of authentication out of turn');
    // Behind value and metadata stand attachments: credentials are text, as they are in a hello.
    if (message.length > 3) throw new ProtocolError('MALFORMED', 'credentials in a binary message');
    // By itself, and not by what came with it: a batch of calls may be longer.
    if (JSON.stringify(message).length > this.#maxHelloLength) {
      throw new ProtocolError('TOO_BIG', `credentials above ${this.#maxHelloLength} characters`);
    }
    this.listener.authentication(message);
  }

  /** The first sign of life on the open connection. */
  #confirmAlive(): void {
    if (this.#isAlive || this.phase !== 'open') return;
    this.#isAlive = true;
    this.listener.alive();
  }
}
