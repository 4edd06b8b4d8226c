import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type FrameEncoder, type FrameOutput, MAX_HEADER_BYTES, type Opcode } from '@typewire/frame';
import { type Flushable, flushSoon } from './flush-soon.ts';
import type { FrameRun } from './frame-run.ts';
import type { PreparedMessage } from './prepared.ts';
import { scratch } from './scratch.ts';

/** Above this, a payload is written from where it is; below, copying it costs less than one more buffer to write. */
export const MAX_COPIED_BYTES = 16_384;

/** Text is encoded wherever it goes, so that it is collected as long as the shared memory has room for it. */
const MAX_COLLECTED_TEXT_BYTES = 32_768;

/** So much of one tick is collected before it is written. */
export const MAX_PENDING_BYTES = 65_536;

/** Above this, text is measured before it is encoded: three bytes for each unit would waste too much room. */
const MAX_GUESSED_UNITS = 1_024;

const MIN_OWN_BYTES = 512;

/** Told by {@link WriteQueue}. */
export interface WriteObserver {
  /** Something was written that the system did not take at once. */
  outputWaits(): void;
}

/**
 * Collects the frames of one tick and writes them at once: a write costs 5 to 8 µs however little it
 * carries, more than everything else that is done for a small message.
 */
export class WriteQueue implements FrameOutput, Flushable {
  /** While true, whoever set it will call {@link flush}: what is sent in answer to one chunk leaves together. */
  held = false;
  /**
   * Something is collected, and the socket had nothing to do when that began: whoever adds to it need not ask the socket
   * again. What is collected stays below 64 KiB.
   */
  calm = false;
  /** Bytes given to the socket so far. */
  writtenBytes = 0;
  readonly #socket: Duplex;
  readonly #encoder: FrameEncoder;
  readonly #observer: WriteObserver;
  /** Whether a write that has left `writableLength` at 0 is really done with its bytes. True for system sockets. */
  readonly #reusesMemory: boolean;
  /** Prepared frames with nothing else among them so far: written without being copied, if it stays so. */
  #run: FrameRun | null = null;
  #memory: Buffer | null = null;
  #memoryIsShared = false;
  #start = 0;
  #end = 0;
  #scheduled = false;

  constructor(socket: Duplex, encoder: FrameEncoder, observer: WriteObserver) {
    this.#socket = socket;
    this.#encoder = encoder;
    this.#observer = observer;
    this.#reusesMemory = socket instanceof Socket;
  }

  /** Bytes that wait here or in the socket. */
  get bufferedBytes(): number {
    return this.#socket.writableLength + (this.#run === null ? this.#end - this.#start : this.#run.length);
  }

  get blocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  text(text: string): void {
    const encoder = this.#encoder;
    const bytes = text.length <= MAX_GUESSED_UNITS ? encoder.maxTextBytes(text) : encoder.textBytes(text);
    if (bytes > MAX_COLLECTED_TEXT_BYTES) {
      const frame = Buffer.allocUnsafeSlow(bytes);
      encoder.writeText(frame, 0, text);
      this.#write(frame);
      return;
    }
    const memory = this.#reserve(bytes);
    this.#end = encoder.writeText(memory, this.#end, text);
  }

  bytes(opcode: Opcode, payload: Uint8Array, compressed = false): void {
    const encoder = this.#encoder;
    if (payload.length <= MAX_COPIED_BYTES) {
      const memory = this.#reserve(encoder.bytesBytes(payload.length));
      this.#end = encoder.writeBytes(memory, this.#end, opcode, payload, compressed);
    } else if (encoder.masks) {
      const frame = Buffer.allocUnsafeSlow(encoder.bytesBytes(payload.length));
      encoder.writeBytes(frame, 0, opcode, payload, compressed);
      this.#write(frame);
    } else {
      const memory = this.#reserve(MAX_HEADER_BYTES);
      this.#end = encoder.writeUnmaskedHeader(memory, this.#end, opcode, payload.length, compressed);
      // Now, not at the end of the tick: the caller's memory is ours for as short a time as possible.
      this.#write(payload);
    }
  }

  prepared(message: PreparedMessage): void {
    if (this.#encoder.masks) this.bytes(message.opcode, message.payload, message.compressed);
    else if (message.frame.length > MAX_COPIED_BYTES) this.#write(message.frame);
    else if (this.#memory === null) this.#follow(message);
    else {
      const memory = this.#reserve(message.frame.length);
      memory.set(message.frame, this.#end);
      this.#end += message.frame.length;
    }
  }

  /** Writes what was collected. */
  flush(): void {
    this.#scheduled = false;
    if (this.#run !== null || this.#memory !== null) this.#write(null);
  }

  #follow(message: PreparedMessage): void {
    if (this.#run !== null && this.#run.length + message.frame.length > MAX_COPIED_BYTES) this.#write(null);
    if (this.#run === null) {
      this.#run = message.run;
      this.#begin();
    } else this.#run = this.#run.with(message.frame);
  }

  /** Memory with room for `bytes` more at `#end`. */
  #reserve(bytes: number): Buffer {
    const run = this.#run;
    if (run !== null) {
      this.#run = null;
      const memory = this.#reserve(run.length + bytes);
      run.copyTo(memory, this.#end);
      this.#end += run.length;
      return memory;
    }
    if (this.#memory === null) return this.#open(bytes);
    if (this.#end + bytes <= this.#memory.length) return this.#memory;
    return this.#makeRoom(this.#memory, bytes);
  }

  #open(bytes: number): Buffer {
    this.#memoryIsShared = this.#reusesMemory && scratch.take(bytes);
    const memory = this.#memoryIsShared ? scratch.memory : Buffer.allocUnsafeSlow(Math.max(bytes, MIN_OWN_BYTES));
    this.#memory = memory;
    this.#start = this.#memoryIsShared ? scratch.start : 0;
    this.#end = this.#start;
    this.#begin();
    return memory;
  }

  #makeRoom(memory: Buffer, bytes: number): Buffer {
    const pendingBytes = this.#end - this.#start;
    if (this.#memoryIsShared || pendingBytes + bytes > MAX_PENDING_BYTES) {
      this.#write(null);
      return this.#open(bytes);
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(memory.length * 2, pendingBytes + bytes));
    grown.set(memory.subarray(this.#start, this.#end));
    this.#memory = grown;
    this.#start = 0;
    this.#end = pendingBytes;
    return grown;
  }

  #begin(): void {
    this.calm = this.#socket.writableLength === 0 && !this.#socket.writableNeedDrain;
    if (this.held || this.#scheduled) return;
    this.#scheduled = true;
    flushSoon(this);
  }

  /** Writes what was collected, and `more` behind it. */
  #write(more: Uint8Array | null): void {
    const socket = this.#socket;
    const memory = this.#memory;
    const start = this.#start;
    const end = this.#end;
    const wasEmpty = socket.writableLength === 0;
    // A socket that is backed up keeps what it is given: it gets a copy of just these bytes.
    const copies = memory !== null && this.#memoryIsShared && !wasEmpty;
    let first = this.#run?.bytes ?? null;
    if (memory !== null) first = copies ? Buffer.from(memory.subarray(start, end)) : memory.subarray(start, end);
    const shared = this.#memoryIsShared;
    // Forgotten before the write, which may call us again if the other end is in this process.
    this.calm = false;
    this.#run = null;
    this.#memory = null;
    this.#memoryIsShared = false;
    this.#start = 0;
    this.#end = 0;
    this.#hand(first, more);
    if (shared) scratch.release(copies || socket.writableLength === 0 ? start : end);
    if (socket.writableLength > 0) this.#observer.outputWaits();
  }

  #hand(first: Uint8Array | null, second: Uint8Array | null): void {
    const socket = this.#socket;
    if (!socket.writable) return;
    this.writtenBytes += (first?.length ?? 0) + (second?.length ?? 0);
    const both = first !== null && second !== null;
    if (both) socket.cork();
    if (first !== null) socket.write(first);
    if (second !== null) socket.write(second);
    if (both) socket.uncork();
  }
}
