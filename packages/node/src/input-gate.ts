import type { Duplex } from 'node:stream';

/** Why a socket is not read. */
export const Pause = {
  /** The application asked for it. */
  Asked: 1,
  /** A message is inflated beside this thread, or too much was inflated. */
  Inflating: 2,
} as const;

export type Pause = (typeof Pause)[keyof typeof Pause];

/** Told by {@link InputGate}. */
export interface InputReader {
  read(chunk: Uint8Array): void;
}

/** Whether a socket is read, for each reason not to, and what came with its handshake, which is read first. */
export class InputGate {
  readonly #socket: Duplex;
  readonly #reader: InputReader;
  #reasons = 0;
  #head: Uint8Array | null = null;

  constructor(socket: Duplex, reader: InputReader) {
    this.#socket = socket;
    this.#reader = reader;
  }

  /** Gives `head` away before anything else is read, in a later turn of the event loop. */
  begin(head: Uint8Array): void {
    if (head.length === 0) return;
    this.#head = head;
    this.#socket.pause();
    // Not nextTick: promise reactions, in which a client's user gets the connection, must run first.
    setImmediate(() => this.#readHead());
  }

  /** Whether `chunk` was put behind a head that is still to be read: TLS brings all of what it has read, also when it is paused. */
  keeps(chunk: Uint8Array): boolean {
    if (this.#head === null) return false;
    this.#head = Buffer.concat([this.#head, chunk]);
    return true;
  }

  isPaused(reason: Pause): boolean {
    return (this.#reasons & reason) !== 0;
  }

  pause(reason: Pause): void {
    this.#reasons |= reason;
    this.#socket.pause();
  }

  resume(reason: Pause): void {
    this.#reasons &= ~reason;
    if (this.#reasons !== 0) return;
    if (this.#head === null) this.#socket.resume();
    else setImmediate(() => this.#readHead());
  }

  /** Reads whatever comes, since nothing of it is looked at, but the end of the stream stands behind it. */
  discard(): void {
    this.#reasons = 0;
    this.#head = null;
    this.#socket.resume();
  }

  #readHead(): void {
    const head = this.#head;
    if (this.#reasons !== 0 || head === null) return;
    this.#head = null;
    this.#reader.read(head);
    if (this.#reasons === 0) this.#socket.resume();
  }
}

/** `head`, and behind it what the socket has read by itself and nobody has taken. */
export function withUnread(socket: Duplex, head: Uint8Array | null): Uint8Array | null {
  const unread: Uint8Array | null = socket.readableLength === 0 ? null : socket.read();
  return unread === null || head === null ? (unread ?? head) : Buffer.concat([head, unread]);
}
