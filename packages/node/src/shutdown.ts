import type { Duplex } from 'node:stream';
import { createClose, UsageError } from '@typewire/frame';
import { type StartTimer, systemTimer } from './deadline.ts';

/** How connections are ended. */
export interface ShutdownOptions {
  /** Close code told to each peer. @default 1001 */
  code?: number;
  /** Close reason, at most 123 bytes. @default '' */
  reason?: string;
  /** How long peers may take to answer the close before their sockets are destroyed. @default 5_000 */
  timeoutMs?: number;
}

export const shutdownDefaults: Required<ShutdownOptions> = { code: 1001, reason: '', timeoutMs: 5_000 };

/** A connection, of whichever protocol. */
export interface Closable {
  close(code?: number, reason?: string): void;
}

/**
 * Knows every socket that left the HTTP server by an upgrade. `server.close()` waits for these but does not end them,
 * and `closeAllConnections()` does not know them.
 */
export class ConnectionTracker {
  readonly #sockets = new Map<Duplex, TrackedSocket>();
  readonly #startTimer: StartTimer;
  #closing: Closing | null = null;

  constructor(options: { startTimer?: StartTimer } = {}) {
    this.#startTimer = options.startTimer ?? systemTimer;
  }

  /** Number of sockets, those in their handshake included. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Whether {@link closeAll} was called: from then on nothing is tracked any more. */
  get isClosing(): boolean {
    return this.#closing !== null;
  }

  /**
   * Tracks a socket until it is closed; `false` when closing has begun and the socket must be refused.
   *
   * @param onClosing refuses the handshake; called once if closing begins before {@link settle}.
   */
  track(socket: Duplex, onClosing: () => void): boolean {
    if (this.#closing !== null) return false;
    if (socket.destroyed) return true;
    this.#sockets.set(socket, { onClosing, connection: null });
    socket.on('close', () => this.#forget(socket));
    return true;
  }

  /** The handshake of `socket` is over: it became `connection`, or was refused and is on its way out. */
  settle(socket: Duplex, connection: Closable | null): void {
    const tracked = this.#sockets.get(socket);
    if (tracked === undefined) return;
    tracked.onClosing = () => {};
    tracked.connection = connection;
    if (connection !== null && this.#closing !== null) connection.close(this.#closing.code, this.#closing.reason);
  }

  /** Stops tracking a socket that another one stands for, as TLS does for TCP. */
  untrack(socket: Duplex): void {
    this.#forget(socket);
  }

  /**
   * Refuses the handshakes under way, closes the connections, and resolves when every socket is gone, which is after
   * `timeoutMs` at the latest. Calling it again waits for the same end; its options no longer matter then.
   */
  closeAll(options: ShutdownOptions = {}): Promise<void> {
    if (this.#closing === null) this.#closing = this.#beginClosing({ ...shutdownDefaults, ...options });
    return this.#closing.done;
  }

  #beginClosing({ code, reason, timeoutMs }: Required<ShutdownOptions>): Closing {
    if (!(timeoutMs >= 0)) throw new UsageError('BAD_OPTION', 'timeoutMs must not be negative');
    createClose(code, reason); // Throws for what cannot be sent, before anything has happened.
    const { promise: done, resolve } = withResolver();
    const tracked = [...this.#sockets.entries()];
    const cancelTimer = this.#startTimer(timeoutMs, () => {
      for (const socket of this.#sockets.keys()) socket.destroy();
    });
    const closing: Closing = {
      code,
      reason,
      done,
      finish: () => {
        cancelTimer();
        resolve();
      },
    };
    this.#closing = closing;
    for (const [, { connection, onClosing }] of tracked) {
      if (connection === null) onClosing();
      else connection.close(code, reason);
    }
    if (this.#sockets.size === 0) closing.finish();
    return closing;
  }

  #forget(socket: Duplex): void {
    if (!this.#sockets.delete(socket)) return;
    if (this.#sockets.size === 0) this.#closing?.finish();
  }
}

interface TrackedSocket {
  onClosing: () => void;
  connection: Closable | null;
}

interface Closing {
  readonly code: number;
  readonly reason: string;
  readonly done: Promise<void>;
  readonly finish: () => void;
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
