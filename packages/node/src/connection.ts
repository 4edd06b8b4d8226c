import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { types } from 'node:util';
import {
  type ConnectionEnvironment,
  type ConnectionState,
  createClose,
  MAX_CONTROL_BYTES,
  type MessageDeflate,
  type Role,
  UsageError,
} from '@typewire/frame';
import { type ConnectionEvents, ConnectionListeners } from './connection-listeners.ts';
import { type ConnectionOptions, type ConnectionSettings, connectionSettings } from './connection-options.ts';
import { type DeadlineTimer, processDeadlines } from './deadline-timer.ts';
import type { Listener } from './listener-slot.ts';
import { nodeMaskWide } from './mask-wide.ts';
import { allocate, nodeText } from './node-environment.ts';
import { badMessage, PreparedMessage } from './prepared.ts';
import { remoteAddressOf } from './remote-address.ts';
import { SocketDriver } from './socket-driver.ts';

/** What the handshake hands over with the socket. */
export interface CreateConnectionOptions extends ConnectionOptions {
  readonly role: Role;
  /** Bytes behind the handshake that were read with it. */
  readonly head?: Uint8Array;
  /** The subprotocol that was agreed on; empty if none. */
  readonly protocol: string;
  /** On a server, the request that asked for the upgrade. */
  readonly request?: IncomingMessage;
  /** What was agreed on in `Sec-WebSocket-Extensions`; empty if nothing. */
  readonly extensions?: string;
  /** @internal The checked options of all connections that have the same ones, instead of those. */
  readonly settings?: ConnectionSettings;
  /** @internal What `extensions` says. */
  readonly deflate?: MessageDeflate | null;
  /** @internal Tests bring their own time. */
  readonly deadlines?: DeadlineTimer;
}

const noBytes = Buffer.alloc(0);

/**
 * One WebSocket connection. `send` collects: everything sent in one go leaves in one write when the code that
 * runs now is done. What the peer does never throws; what the program does wrong throws at once.
 */
export class WebSocketConnection {
  /** The subprotocol that was agreed on; empty if none. */
  readonly protocol: string;
  /** What was agreed on in `Sec-WebSocket-Extensions`: `permessage-deflate; …` if messages are compressed, else empty. */
  readonly extensions: string;
  /** On a server, the request that asked for the upgrade. */
  readonly request: IncomingMessage | undefined;
  /** The peer's IP address; it stays known after the end. `undefined` when the transport has none. */
  readonly remoteAddress: string | undefined;
  readonly #driver: SocketDriver;
  readonly #listeners: ConnectionListeners;

  /** @internal */
  constructor(driver: SocketDriver, listeners: ConnectionListeners, socket: Duplex, options: CreateConnectionOptions) {
    this.#driver = driver;
    this.#listeners = listeners;
    this.protocol = options.protocol;
    this.extensions = options.extensions ?? '';
    this.request = options.request;
    this.remoteAddress = remoteAddressOf(socket);
  }

  /** `closing` from the first Close frame in either direction on; sending ends there. */
  get state(): ConnectionState {
    return this.#driver.state;
  }

  /** Bytes that were sent and that the system has not taken yet; what is being compressed counts as it was sent. */
  get bufferedBytes(): number {
    return this.#driver.bufferedBytes;
  }

  /**
   * Sends a string as a text message, bytes as a binary one. Returns whether there is room for more: after
   * `false` wait for `drain` if the {@link state} is still `open`; otherwise the message was dropped.
   *
   * Bytes above 16 KiB are not copied: they must not change until {@link bufferedBytes} is 0.
   *
   * @throws {UsageError} `BAD_OPTION` for anything but a string or a `Uint8Array`.
   */
  send(data: string | Uint8Array): boolean {
    if (typeof data === 'string') return this.#driver.sendText(data);
    if (types.isUint8Array(data)) return this.#driver.sendBinary(data);
    throw badMessage();
  }

  /** As {@link send}, for a message that was framed once for many connections. */
  sendPrepared(message: PreparedMessage): boolean {
    if (!(message instanceof PreparedMessage)) {
      throw new UsageError('BAD_OPTION', 'sendPrepared takes what prepareMessage returned');
    }
    return this.#driver.sendPrepared(message);
  }

  /**
   * Sends a ping; the answer is the event `pong`. Returns as {@link send} does.
   *
   * @throws {UsageError} `BAD_OPTION` for a payload that is not text or bytes, or above 125 bytes.
   */
  ping(payload: string | Uint8Array = noBytes): boolean {
    if (typeof payload !== 'string' && !types.isUint8Array(payload)) {
      throw new UsageError('BAD_OPTION', 'a ping payload must be a string or a Uint8Array');
    }
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    if (bytes.length > MAX_CONTROL_BYTES) {
      throw new UsageError('BAD_OPTION', `a ping payload has at most ${MAX_CONTROL_BYTES} bytes`);
    }
    return this.#driver.sendPing(bytes);
  }

  /**
   * Begins the closing handshake; later calls do nothing. Messages that the peer sent before its own Close
   * frame still arrive. A peer that does not answer within `closeTimeoutMs` is cut off.
   *
   * @throws {UsageError} `BAD_OPTION` for a code that must not be sent, or a reason that is not a string.
   */
  close(code?: number, reason?: string): void {
    this.#driver.close(createClose(code, reason));
  }

  /** Ends at once, without a closing handshake: `closed` reports 1006. Nothing more is delivered. */
  terminate(): void {
    this.#driver.terminate();
  }

  /**
   * Stops reading the socket. Messages that were read with the last chunk, at most 64 KiB, still arrive.
   * Neither pings nor a Close frame are seen meanwhile: {@link close} on a paused connection runs into its timeout.
   */
  pause(): void {
    this.#driver.pause();
  }

  resume(): void {
    this.#driver.resume();
  }

  /**
   * Calls `listener` at each `event` and returns how to stop that. Listen before the current synchronous code
   * ends: what arrives while nobody listens is dropped. An exception becomes an `uncaughtException`.
   *
   * @throws {UsageError} `BAD_OPTION` for an event that does not exist.
   */
  on<Event extends keyof ConnectionEvents>(event: Event, listener: Listener<ConnectionEvents[Event]>): () => void {
    const slots: { [Name in keyof ConnectionEvents]: { add(own: Listener<ConnectionEvents[Name]>): () => void } } =
      this.#listeners;
    if (!Object.hasOwn(slots, event)) throw new UsageError('BAD_OPTION', `there is no event ${JSON.stringify(event)}`);
    return slots[event].add(listener);
  }
}

const environment: ConnectionEnvironment = {
  now: () => processDeadlines.now(),
  text: nodeText,
  allocate,
  maskWide: nodeMaskWide,
};

/**
 * Makes a connection of a socket on which the handshake is done. The socket belongs to the connection from
 * now on. All its listeners are attached before this returns; nothing is read before the current synchronous
 * code, and the promise reactions after it, have ended.
 *
 * @throws {UsageError} `BAD_OPTION`.
 */
export function createConnection(socket: Duplex, options: CreateConnectionOptions): WebSocketConnection {
  const settings = options.settings ?? connectionSettings(options.role, options);
  const deadlines = options.deadlines ?? processDeadlines;
  const listeners = new ConnectionListeners();
  const driver = new SocketDriver(
    socket,
    options.role,
    settings,
    deadlines === processDeadlines ? environment : { ...environment, now: () => deadlines.now() },
    deadlines,
    listeners,
    options.deflate ?? null,
  );
  const connection = new WebSocketConnection(driver, listeners, socket, options);
  if (socket instanceof Socket) {
    // What the HTTP server set ends with HTTP, and small answers must not wait for more.
    socket.setTimeout(0);
    socket.setNoDelay(true);
  }
  driver.start(options.head ?? null);
  return connection;
}
