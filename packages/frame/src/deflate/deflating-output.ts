import type { FrameOutput } from '../connection-options.ts';
import type { Allocate } from '../growing-buffer.ts';
import { MAX_HEADER_BYTES } from '../header.ts';
import { Opcode } from '../opcode.ts';
import type { TextOps } from '../text-ops.ts';
import type { Cancel } from './codec.ts';
import type { MessageDeflate } from './message-deflate.ts';

/** To be called when something is ready, with what then sends it. */
export type Ready = (send: () => void) => void;

/** What has its place among the messages of a connection. */
export interface OutputStep {
  /** What it counts for in {@link DeflatingOutput.waitingBytes}. */
  readonly bytes: number;
  /** At its turn. What is not sent at once returns how to give it up, and calls `ready` later. */
  run(ready: Ready): Cancel | null;
}

/** What {@link DeflatingOutput} needs beside the output that it writes to. */
export interface DeflatingOptions {
  readonly deflate: MessageDeflate;
  readonly text: TextOps;
  readonly allocate: Allocate;
  /** Bytes that wait and are longer are the application's, which does not change them; others are copied. @default Infinity */
  readonly maxCopiedBytes?: number;
  /** Nothing waits any more. */
  readonly onIdle: () => void;
  /** What waits could not be sent, for want of memory, say. Nothing of it will be. */
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Compresses messages on their way to another output. While a large one is compressed beside this thread, what is sent
 * after it waits: messages, pings and a Close frame keep their order. A pong goes ahead, since a ping asks whether we
 * live, and between messages there is always room for it (RFC 6455 §5.4).
 */
export class DeflatingOutput implements FrameOutput {
  /** Bytes that wait, before they are compressed, with the largest header for each frame. */
  waitingBytes = 0;
  readonly #inner: FrameOutput;
  readonly #options: DeflatingOptions;
  /** From `#next` on. */
  #steps: OutputStep[] = [];
  #next = 0;
  #busy = false;
  #runningBytes = 0;
  #cancel: Cancel | null = null;

  constructor(inner: FrameOutput, options: DeflatingOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /** Whether something is compressed beside this thread, and everything else waits behind it. */
  get busy(): boolean {
    return this.#busy;
  }

  get blocked(): boolean {
    return this.#inner.blocked;
  }

  text(text: string): void {
    if (this.#busy) {
      const bytes = this.#options.text.byteLength(text);
      this.#push({ bytes: bytes + MAX_HEADER_BYTES, run: (ready) => this.#runText(text, ready) });
    } else this.#begun(this.#runText(text, this.#ready));
  }

  bytes(opcode: Opcode, payload: Uint8Array): void {
    if (opcode === Opcode.Pong) this.#inner.bytes(opcode, payload);
    else if (this.#busy) {
      const kept = this.#keep(payload);
      this.#push({ bytes: payload.length + MAX_HEADER_BYTES, run: (ready) => this.#runBytes(opcode, kept, ready) });
    } else {
      const isLarge = this.#options.deflate.isLarge(payload.length);
      this.#begun(this.#runBytes(opcode, isLarge ? this.#keep(payload) : payload, this.#ready));
    }
  }

  /** Runs `step` after everything that was sent so far. */
  step(step: OutputStep): void {
    if (this.#busy) return this.#push(step);
    this.#runningBytes = step.bytes;
    this.#begun(step.run(this.#ready));
  }

  /** Gives up everything that waits. */
  clear(): void {
    const cancel = this.#cancel;
    this.#cancel = null;
    this.#busy = false;
    this.#steps = [];
    this.#next = 0;
    this.waitingBytes = 0;
    cancel?.();
  }

  /** What is needed after the call that brought it. */
  #keep(payload: Uint8Array): Uint8Array {
    const { maxCopiedBytes = Number.POSITIVE_INFINITY } = this.#options;
    return payload.length <= maxCopiedBytes ? new Uint8Array(payload) : payload;
  }

  #push(step: OutputStep): void {
    this.waitingBytes += step.bytes;
    this.#steps.push(step);
  }

  #begun(cancel: Cancel | null): void {
    if (cancel === null) return;
    this.#busy = true;
    this.#cancel = cancel;
    this.waitingBytes += this.#runningBytes;
  }

  readonly #ready: Ready = (send) => {
    this.#cancel = null;
    try {
      // Busy all the while: what is sent meanwhile goes to the end.
      send();
      if (this.#busy) this.#goOn();
    } catch (cause) {
      this.clear();
      this.#options.onFailure(cause);
      return;
    }
    if (!this.#busy || this.#cancel !== null) return;
    this.clear();
    this.#options.onIdle();
  };

  /** Runs what waits, up to the next step that takes time, or the end by one of them. */
  #goOn(): void {
    while (this.#busy) {
      this.waitingBytes -= this.#runningBytes;
      const step = this.#steps[this.#next++];
      if (step === undefined) return;
      this.#runningBytes = step.bytes;
      const cancel = step.run(this.#ready);
      if (!this.#busy) cancel?.();
      else this.#cancel = cancel;
      if (cancel !== null) return;
    }
  }

  #runText(text: string, ready: Ready): Cancel | null {
    const { deflate, text: ops, allocate } = this.#options;
    // Three bytes for each unit at most: short text need not be measured.
    if (text.length * 3 < deflate.thresholdBytes) {
      this.#inner.text(text);
      return null;
    }
    const bytes = allocate(ops.byteLength(text));
    ops.write(text, bytes, 0);
    return this.#runBytes(Opcode.Text, bytes, ready);
  }

  #runBytes(opcode: Opcode, payload: Uint8Array, ready: Ready): Cancel | null {
    const { deflate } = this.#options;
    const isMessage = opcode === Opcode.Text || opcode === Opcode.Binary;
    if (!isMessage || !deflate.isLarge(payload.length)) {
      this.#write(opcode, payload, isMessage ? deflate.deflate(payload) : null);
      return null;
    }
    this.#runningBytes = payload.length + MAX_HEADER_BYTES;
    return deflate.deflateAside(payload, (compressed) => ready(() => this.#write(opcode, payload, compressed)));
  }

  #write(opcode: Opcode, payload: Uint8Array, compressed: Uint8Array | null): void {
    if (compressed === null) this.#inner.bytes(opcode, payload);
    else this.#inner.bytes(opcode, compressed, true);
  }
}
