import { FrameError } from '../errors.ts';
import type { Allocate } from '../growing-buffer.ts';
import type { TextOps } from '../text-ops.ts';
import { Draft76Decoder, writeDraft76Close, writeDraft76Text } from './frames.ts';

/** What one connection may cost. */
export interface Draft76Limits {
  /** Bytes of one message. @default 1_048_576 */
  maxMessageBytes: number;
  /** Time for a message that has begun, in milliseconds. @default 30_000 */
  messageTimeoutMs: number;
  /** Time for the peer to answer the closing handshake and to end, in milliseconds. @default 5_000 */
  closeTimeoutMs: number;
}

export const draft76Limits: Readonly<Draft76Limits> = {
  maxMessageBytes: 1_048_576,
  messageTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
};

/** Time, text and memory of a platform. */
export interface Draft76Environment {
  /** Milliseconds, never going back. */
  now(): number;
  readonly text: TextOps;
  readonly allocate: Allocate;
}

/** What a connection asks of its driver and tells it. */
export interface Draft76Sink {
  write(bytes: Uint8Array): void;
  text(data: string): void;
  endTransport(): void;
  destroyTransport(): void;
  /** Once, at the end. This draft knows neither codes nor reasons: clean means that both sides said goodbye. */
  closed(event: { readonly clean: boolean; readonly error?: Error }): void;
}

/**
 * The rules of one draft-76 connection without its socket, for either role: both frame alike. What the peer does never
 * throws. §4.2, §4.3, §5.3.
 */
export class Draft76Connection {
  readonly #limits: Readonly<Draft76Limits>;
  readonly #environment: Draft76Environment;
  readonly #sink: Draft76Sink;
  readonly #decoder: Draft76Decoder;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #peerClosed = false;
  #error: Error | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #messages = 0;

  constructor(limits: Readonly<Draft76Limits>, environment: Draft76Environment, sink: Draft76Sink) {
    this.#limits = limits;
    this.#environment = environment;
    this.#sink = sink;
    this.#decoder = new Draft76Decoder(
      {
        text: (data) => {
          this.#messages++;
          sink.text(data);
        },
        close: () => this.#answerClose(),
      },
      environment.text,
      environment.allocate,
      limits.maxMessageBytes,
    );
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#state;
  }

  /** When {@link tick} must be called at the latest; `Infinity` if never. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  receive(chunk: Uint8Array): void {
    const before = this.#messages;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      this.#fail(error instanceof FrameError ? error : new FrameError('INTERNAL', 'reading failed', { cause: error }));
    }
    if (this.#state !== 'open') return;
    if (!this.#decoder.midFrame) this.#deadlineMs = Number.POSITIVE_INFINITY;
    else if (this.#deadlineMs === Number.POSITIVE_INFINITY || this.#messages !== before) {
      this.#deadlineMs = this.#environment.now() + this.#limits.messageTimeoutMs;
    }
  }

  /** Returns whether the message was taken: `false` once the connection is closing. */
  sendText(text: string): boolean {
    if (this.#state !== 'open') return false;
    this.#sink.write(writeDraft76Text(text, this.#environment.text));
    return true;
  }

  /** Begins the closing handshake. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#sink.write(writeDraft76Close());
    this.#enterClosing();
  }

  /** The transport ended, cleanly or with `error`. */
  eof(error?: Error): void {
    if (this.#state === 'closed') return;
    this.#error ??= error;
    this.#state = 'closed';
    this.#deadlineMs = Number.POSITIVE_INFINITY;
    this.#decoder.stop();
    this.#sink.closed({ clean: this.#peerClosed, ...(this.#error === undefined ? {} : { error: this.#error }) });
  }

  /** Acts on a deadline that has passed. */
  tick(): void {
    if (this.#environment.now() < this.#deadlineMs) return;
    const { closeTimeoutMs, messageTimeoutMs } = this.#limits;
    this.#fail(
      this.#state === 'open'
        ? new FrameError('MESSAGE_TIMEOUT', `a message took longer than ${messageTimeoutMs} ms`)
        : new FrameError('CLOSE_TIMEOUT', `no goodbye within ${closeTimeoutMs} ms`),
    );
  }

  #answerClose(): void {
    this.#peerClosed = true;
    if (this.#state === 'open') {
      this.#sink.write(writeDraft76Close());
      this.#enterClosing();
    }
    this.#sink.endTransport();
  }

  #enterClosing(): void {
    this.#state = 'closing';
    this.#deadlineMs = this.#environment.now() + this.#limits.closeTimeoutMs;
  }

  /** There are no codes: whoever breaks the rules sees the connection end. */
  #fail(error: FrameError): void {
    this.#error ??= error;
    this.#decoder.stop();
    this.#sink.destroyTransport();
    this.eof();
  }
}
