/**
 * One message, or one batch of them, for many connections. A transport may keep what it made of it (a finished frame, say) in `prepared`,
 * so that a broadcast is encoded and framed once whatever the number of its receivers.
 */
export class SharedMessage {
  /** Text, or the bytes of a binary message. */
  readonly data: string | Uint8Array<ArrayBuffer>;
  /** How many messages it is: above 1, `data` is a batch of them. */
  readonly count: number;
  /** For the transport alone; opaque to everything above. */
  prepared: unknown = null;

  constructor(data: string | Uint8Array<ArrayBuffer>, count = 1) {
    this.data = data;
    this.count = count;
  }
}

/**
 * One connection that carries whole messages in order, as the session sees it. A driver implements it over a socket;
 * none of its methods throws because of the peer, and after `close` all of them do nothing.
 */
export interface Transport {
  /**
   * Queues one message: a string as text, bytes as a binary one. They leave in order, at the latest when the current
   * tick ends. Bytes are not changed afterwards, neither by the caller nor by the transport.
   */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** As `send`, for a message that goes to many. */
  sendShared(message: SharedMessage): void;
  /** Sends an RFC 6455 ping (opcode 9); absent where the platform hides control frames. */
  ping?(): void;
  /** Starts the closing handshake. `reason` is at most 123 bytes of UTF-8. */
  close(code: number, reason: string): void;
  /** Drops the connection without a handshake: for a peer that no longer answers. */
  terminate(): void;
  /** Stops and resumes reading, where the platform can. */
  pause?(): void;
  resume?(): void;
  /** Bytes accepted by `send` that have not left this process. */
  readonly bufferedBytes: number;
}

/** What a transport tells its owner. Calls are synchronous and in the order of the bytes. */
export interface TransportListener {
  message(data: string | Uint8Array): void;
  /** A ping or pong frame arrived: the peer lives. */
  heard(frame: 'ping' | 'pong'): void;
  /**
   * `bufferedBytes` is 0 again, or low, after something had to wait. A transport that is not told so by its platform
   * never calls it, so that whoever waits for room looks by itself, too.
   */
  drained?(): void;
  /** The last call. `code` 1006 means that no close frame arrived. */
  closed(event: TransportClose): void;
}

export interface TransportClose {
  readonly code: number;
  readonly reason: string;
  /** The cause when the connection failed rather than closed. */
  readonly error?: Error;
}

/** Opens one transport. A failed attempt is reported by `closed` without `opened`. */
export type Connect = (url: string, listener: TransportListener & { opened(): void }) => Transport;

/** The WebSocket subprotocol every Typewire connection is opened with. protocol: "Decisions", 1. */
export const SUBPROTOCOL = 'typewire.v1';
