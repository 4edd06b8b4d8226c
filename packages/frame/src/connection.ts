import { Assembler, type InflationObserver } from './assembler.ts';
import { type CloseEffect, type CloseInput, type CloseState, stepClose } from './close.ts';
import { type Close, readClose, writeClose } from './close-frame.ts';
import type {
  ConnectionEnvironment,
  ConnectionLimits,
  ConnectionSink,
  FrameOutput,
  Role,
} from './connection-options.ts';
import { ControlRate } from './control-rate.ts';
import { ControlReader, MAX_CONTROL_BYTES } from './control-reader.ts';
import { FrameDecoder, type FrameSink } from './decoder.ts';
import type { MessageDeflate } from './deflate/message-deflate.ts';
import { FrameError } from './errors.ts';
import { checkReserved, maskError } from './first-bits.ts';
import type { FrameHeader } from './header.ts';
import { isControl, Opcode } from './opcode.ts';

/** `closing` from the first Close frame in either direction until the transport has ended. */
export type ConnectionState = 'open' | 'closing' | 'closed';

/**
 * The rules of one WebSocket connection, without its socket: feed it what arrives, send through it, and do
 * what it tells the sink. Set a timer for {@link deadlineMs} and call {@link tick} then. What the peer does
 * never throws; it ends in a Close frame and `sink.closed`. RFC 6455.
 */
export class ConnectionMachine implements FrameSink, InflationObserver {
  readonly #role: Role;
  readonly #limits: ConnectionLimits;
  readonly #environment: ConnectionEnvironment;
  readonly #output: FrameOutput;
  readonly #sink: ConnectionSink;
  readonly #decoder: FrameDecoder;
  readonly #assembler: Assembler;
  readonly #deflate: MessageDeflate | null;
  // Made with the first control frame: an idle connection should cost little.
  #control: ControlReader | null = null;
  #controlRate: ControlRate | null = null;
  #opcode: Opcode = Opcode.Continuation;
  #close: CloseState = { phase: 'open' };
  #error: Error | undefined;
  /** Held back while the output is blocked. §5.5.3: of several pings only the newest need be answered. */
  #owedPong: Uint8Array | null = null;
  #closeDeadlineMs = Number.POSITIVE_INFINITY;
  /** When a peer that has had too much inflated is read again. */
  #goOnAtMs = Number.POSITIVE_INFINITY;
  #messageDeadlineMs = Number.POSITIVE_INFINITY;
  #reading = true;

  /** `deflate` is `null` unless the handshake has agreed on compression; `output` is then a `DeflatingOutput`. */
  constructor(
    role: Role,
    limits: ConnectionLimits,
    environment: ConnectionEnvironment,
    output: FrameOutput,
    sink: ConnectionSink,
    deflate: MessageDeflate | null = null,
  ) {
    this.#role = role;
    this.#limits = limits;
    this.#environment = environment;
    this.#output = output;
    this.#sink = sink;
    this.#decoder = new FrameDecoder(this, environment.maskWide);
    this.#assembler = new Assembler(limits, sink, environment.text, environment.allocate, deflate, this);
    this.#deflate = deflate;
  }

  get state(): ConnectionState {
    const { phase } = this.#close;
    return phase === 'open' || phase === 'closed' ? phase : 'closing';
  }

  /** When {@link tick} must be called at the latest, on the environment's clock; `Infinity` if never. */
  get deadlineMs(): number {
    return Math.min(this.#closeDeadlineMs, this.#messageDeadlineMs, this.#goOnAtMs);
  }

  /** Takes what the transport received, and ownership of it: payloads are unmasked in place. Not reentrant. */
  receive(chunk: Uint8Array): void {
    const deliveredBefore = this.#assembler.delivered;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      this.#readingFailed(error);
    }
    this.#watchMessage(deliveredBefore);
  }

  /** The transport ended, cleanly or with `error`. Repeated calls do nothing. */
  eof(error?: Error): void {
    if (error !== undefined) this.#error ??= error;
    this.#step({ type: 'eof' });
  }

  /**
   * Tells whether the driver reads. While it does not, no message can be completed, and that is not the
   * peer's fault: the time for it begins anew with the reading.
   */
  setReading(reading: boolean): void {
    this.#reading = reading;
    this.#messageDeadlineMs = Number.POSITIVE_INFINITY;
    if (reading) this.#watchMessage(this.#assembler.delivered);
  }

  /** Returns whether the message was taken: `false` once the connection is closing, as the peer may cause that. */
  sendText(text: string): boolean {
    if (this.#close.phase !== 'open') return false;
    this.#output.text(text);
    return true;
  }

  /** As {@link sendText}. */
  sendBinary(data: Uint8Array): boolean {
    if (this.#close.phase !== 'open') return false;
    this.#output.bytes(Opcode.Binary, data);
    return true;
  }

  /** As {@link sendText}; `payload` has at most 125 bytes and is the machine's from now on. */
  ping(payload: Uint8Array): boolean {
    if (this.#close.phase !== 'open') return false;
    this.#output.bytes(Opcode.Ping, payload);
    return true;
  }

  /** Begins the closing handshake; messages of the peer are delivered until its own Close arrives. */
  close(close: Close): void {
    this.#answerPing();
    this.#step({ type: 'local', close });
  }

  /** Closes with the code of `error`, which {@link ConnectionSink.closed} will report. */
  fail(error: FrameError): void {
    if (this.#close.phase !== 'closed') this.#error ??= error;
    this.#step({ type: 'failure', close: { code: error.closeCode, reason: '' } });
  }

  /** Ends without a handshake. */
  terminate(): void {
    this.#step({ type: 'timeout' });
  }

  /** The output is no longer blocked: what was held back can leave. */
  outputDrained(): void {
    this.#answerPing();
  }

  /** Acts on deadlines that have passed; early or late calls are harmless. */
  tick(): void {
    const nowMs = this.#environment.now();
    if (nowMs >= this.#goOnAtMs) {
      this.#goOnAtMs = Number.POSITIVE_INFINITY;
      this.inflationDone();
    }
    if (nowMs >= this.#closeDeadlineMs) {
      if (this.#close.phase === 'awaiting-peer') {
        this.#error ??= new FrameError('CLOSE_TIMEOUT', `no Close frame within ${this.#limits.closeTimeoutMs} ms`);
      }
      this.#step({ type: 'timeout' });
    } else if (nowMs >= this.#messageDeadlineMs) {
      this.fail(new FrameError('MESSAGE_TIMEOUT', `a message took longer than ${this.#limits.messageTimeoutMs} ms`));
    }
  }

  /** @internal */
  frameHeader(header: Readonly<FrameHeader>): void {
    this.#opcode = header.opcode;
    if (header.rsv !== 0) checkReserved(header, this.#deflate !== null);
    // §5.1: clients mask, servers do not, and either must fail the connection if the other gets it wrong.
    if (header.masked !== (this.#role === 'server')) throw maskError(header);
    if (!isControl(header.opcode)) {
      this.#assembler.begin(header);
      return;
    }
    if (!header.fin) throw new FrameError('FRAGMENTED_CONTROL', 'a control frame must not be fragmented');
    if (header.payloadBytes > MAX_CONTROL_BYTES) {
      throw new FrameError('CONTROL_TOO_LONG', `a control frame carries at most ${MAX_CONTROL_BYTES} bytes`);
    }
    this.#control ??= new ControlReader();
    if (header.opcode === Opcode.Close) return;
    this.#controlRate ??= new ControlRate(this.#limits);
    this.#controlRate.count(this.#environment.now());
  }

  /** @internal */
  framePayload(bytes: Uint8Array, start: number, end: number, ascii: boolean, last: boolean): void {
    if (!isControl(this.#opcode)) {
      this.#assembler.push(bytes, start, end, ascii, last);
      return;
    }
    const payload = this.#control?.push(bytes, start, end, last) ?? null;
    if (payload !== null) this.#controlFrame(payload);
  }

  /** @internal */
  inflated(bytes: number): void {
    const nowMs = this.#environment.now();
    const waitMs = this.#deflate?.countInflated(bytes, nowMs, this.#limits.maxMessageBytes) ?? 0;
    if (waitMs === 0) return;
    this.#goOnAtMs = nowMs + waitMs;
    this.inflationBegun();
  }

  /** @internal */
  inflationBegun(): void {
    this.#decoder.hold();
    this.#sink.inputHeld?.(true);
  }

  /** @internal */
  inflationDone(): void {
    const deliveredBefore = this.#assembler.delivered;
    try {
      this.#assembler.takeInflated();
      // What was taken may have been too much for now.
      if (this.#goOnAtMs === Number.POSITIVE_INFINITY) this.#decoder.release();
    } catch (error) {
      this.#readingFailed(error);
    }
    this.#watchMessage(deliveredBefore);
    if (!this.#decoder.held) this.#sink.inputHeld?.(false);
  }

  /** The one place where a broken rule becomes a close; nothing above sees it thrown. */
  #readingFailed(error: unknown): void {
    // Whatever else is thrown (no memory for a message, say) must not end a process with other connections.
    this.fail(error instanceof FrameError ? error : new FrameError('INTERNAL', 'reading failed', { cause: error }));
  }

  #controlFrame(payload: Uint8Array): void {
    switch (this.#opcode) {
      case Opcode.Ping:
        this.#owedPong = payload;
        // The pong keeps its own bytes: the application may write into what it is given.
        this.#sink.ping(payload.slice());
        // Now and not at the end of the chunk: before what is sent in answer to the messages behind it.
        this.#answerPing();
        break;
      case Opcode.Pong:
        this.#sink.pong(payload);
        break;
      default:
        this.#answerPing();
        this.#step({ type: 'peer', close: readClose(payload, this.#environment.text) });
    }
  }

  #answerPing(): void {
    if (this.#owedPong === null || this.#close.phase !== 'open' || this.#output.blocked) return;
    const payload = this.#owedPong;
    this.#owedPong = null;
    this.#output.bytes(Opcode.Pong, payload);
  }

  #watchMessage(deliveredBefore: number): void {
    if (!this.#reading || !(this.#decoder.midFrame || this.#assembler.midMessage)) {
      this.#messageDeadlineMs = Number.POSITIVE_INFINITY;
    } else if (this.#messageDeadlineMs === Number.POSITIVE_INFINITY || this.#assembler.delivered !== deliveredBefore) {
      this.#messageDeadlineMs = this.#environment.now() + this.#limits.messageTimeoutMs;
    }
  }

  #step(input: CloseInput): void {
    const before = this.#close.phase;
    const [state, effects] = stepClose(this.#close, input);
    this.#close = state;
    if (state.phase !== before) this.#enter(state);
    for (const effect of effects) this.#perform(effect);
  }

  #enter(state: CloseState): void {
    const waits = state.phase === 'awaiting-peer' || state.phase === 'awaiting-eof';
    this.#closeDeadlineMs = waits ? this.#environment.now() + this.#limits.closeTimeoutMs : Number.POSITIVE_INFINITY;
    if (state.phase === 'awaiting-peer') return;
    // §5.5.1: data after the peer's Close is discarded, and so is everything after a failure.
    this.#decoder.stop();
    this.#assembler.clear();
    this.#owedPong = null;
    this.#messageDeadlineMs = Number.POSITIVE_INFINITY;
  }

  #perform(effect: CloseEffect): void {
    switch (effect.type) {
      case 'send-close':
        this.#output.bytes(Opcode.Close, writeClose(effect.close, this.#environment.text));
        break;
      case 'finish-transport':
        if (this.#role === 'server') this.#sink.endTransport();
        break;
      case 'end-transport':
        this.#sink.endTransport();
        break;
      case 'destroy-transport':
        this.#sink.destroyTransport();
        break;
      case 'closed':
        this.#sink.closed(this.#error === undefined ? effect.outcome : { ...effect.outcome, error: this.#error });
        break;
    }
  }
}
