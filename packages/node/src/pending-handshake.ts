import type { Duplex } from 'node:stream';
import { HandshakeError, isRefusalStatus } from '@typewire/frame';
import { Deadline, type StartTimer } from './deadline.ts';
import type { HandshakeAnswer } from './handshake-answer.ts';
import type { Closable, ConnectionTracker } from './shutdown.ts';
import type { IncomingUpgrade } from './upgrade-options.ts';

/** What bounds a handshake from outside; an `UpgradePolicy` is one. */
export interface HandshakeBounds {
  readonly handshakeTimeoutMs: number;
  readonly startTimer: StartTimer;
  readonly tracker: ConnectionTracker | null;
  /** Called once if this does not become a connection, after the answer was written. */
  readonly onRefused: (error: HandshakeError, request: IncomingUpgrade | null) => void;
}

/**
 * A server's socket from its first byte to the 101. Whatever comes first decides: an answer, the time limit, the
 * server's closing, or the peer leaving. From construction on the socket has an error listener: a reset at any moment
 * is an ordinary end and never an unhandled error.
 */
export class PendingHandshake {
  readonly socket: Duplex;
  /** How the peer is told. */
  readonly answer: HandshakeAnswer;
  /** What the peer asked for, from when it is known. */
  request: IncomingUpgrade | null = null;
  readonly #bounds: HandshakeBounds;
  readonly #onEnded: () => void;
  readonly #deadline: Deadline;
  #abort: AbortController | null = null;
  #refusal: HandshakeError | null = null;
  #settled = false;

  /**
   * @param onEnded stops the reading of the request, if this does not become a connection: before the peer is told, and
   *   be it at once.
   * @param deadline one that already runs and is taken over.
   */
  constructor(
    socket: Duplex,
    answer: HandshakeAnswer,
    bounds: HandshakeBounds,
    onEnded: () => void,
    deadline: Deadline | null = null,
  ) {
    this.socket = socket;
    this.answer = answer;
    this.#bounds = bounds;
    this.#onEnded = onEnded;
    socket.on('error', ignore);
    socket.on('close', this.#onClose);
    const onExpiry = () => this.refuse(new HandshakeError('TIMED_OUT', 'The handshake took too long.'));
    deadline?.handOver(onExpiry);
    this.#deadline = deadline ?? new Deadline(bounds.startTimer, bounds.handshakeTimeoutMs, onExpiry);
    const closing = () => this.refuse(new HandshakeError('UNAVAILABLE', 'The server is shutting down.'));
    if (socket.destroyed) this.#onClose();
    else if (bounds.tracker?.track(socket, closing) === false) closing();
  }

  /** Fires when the handshake is over before the application has decided. */
  get signal(): AbortSignal {
    // Made for whoever asks: it is a tenth of what the rest of a handshake leaves to the garbage collector.
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#refusal !== null) this.#abort.abort(this.#refusal);
    }
    return this.#abort.signal;
  }

  get isSettled(): boolean {
    return this.#settled;
  }

  /** Answers with the status of `error` and ends the socket; without effect once something else has decided. */
  refuse(error: HandshakeError): void {
    if (this.#settled) return;
    this.#settle();
    this.#onEnded();
    this.#bounds.tracker?.settle(this.socket, null);
    const { status } = error;
    if (status !== null && isRefusalStatus(status)) {
      this.answer.refuse(status, error.message, this.#bounds.startTimer);
    } else {
      this.socket.destroy();
    }
    this.#bounds.onRefused(error, this.request);
    this.#refusal = error;
    this.#abort?.abort(error);
  }

  /** Gives the socket away to a connection, unless something else has decided; then it returns `null`. */
  accept<Connection extends Closable>(createConnection: () => Connection): Connection | null {
    if (this.#settled) return null;
    if (this.socket.destroyed) {
      this.#onClose();
      return null;
    }
    this.#settle();
    const connection = createConnection();
    this.socket.off('error', ignore);
    this.#bounds.tracker?.settle(this.socket, connection);
    return connection;
  }

  #settle(): void {
    this.#settled = true;
    this.#deadline.cancel();
    this.socket.off('close', this.#onClose);
  }

  readonly #onClose = (): void => {
    this.refuse(new HandshakeError('ABANDONED', 'The peer left before the handshake was answered.'));
  };
}

function ignore(): void {}
