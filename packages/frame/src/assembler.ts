import type { Cancel } from './deflate/codec.ts';
import type { Inflation } from './deflate/inflation.ts';
import { DEFLATE_TAIL, type MessageDeflate } from './deflate/message-deflate.ts';
import { FrameError } from './errors.ts';
import { type Allocate, GrowingBuffer } from './growing-buffer.ts';
import type { FrameHeader } from './header.ts';
import { Opcode } from './opcode.ts';
import type { TextOps } from './text-ops.ts';
import { Utf8Validator } from './utf8.ts';

/** What one message may cost its receiver. */
export interface MessageLimits {
  /** Payload bytes of one message over all its frames; of a compressed one both those bytes and the inflated. */
  readonly maxMessageBytes: number;
  /** Frames of one message, empty ones included. */
  readonly maxFragments: number;
}

/** What {@link Assembler} delivers. */
export interface MessageSink {
  text(data: string): void;
  /** `data` owns its memory. */
  binary(data: Uint8Array<ArrayBuffer>): void;
}

/** Told by {@link Assembler} of messages that are inflated. */
export interface InflationObserver {
  /** A message became so many bytes, and is delivered next. */
  inflated(bytes: number): void;
  /** One is inflated beside this thread: nothing may be pushed until it was taken. */
  inflationBegun(): void;
  /** {@link Assembler.takeInflated} is to be called. */
  inflationDone(): void;
}

/** A message that is inflated beside this thread. */
interface Underway {
  readonly isText: boolean;
  readonly cancel: Cancel;
  /** `null` until it is inflated. */
  take: (() => Uint8Array) | null;
}

/**
 * Joins data frames to messages. Limits are checked on the header, before any memory is taken; text is
 * checked piece by piece, so wrong UTF-8 is found while the rest of the frame is still on its way.
 */
export class Assembler {
  readonly #limits: MessageLimits;
  readonly #sink: MessageSink;
  readonly #text: TextOps;
  readonly #allocate: Allocate;
  readonly #deflate: MessageDeflate | null;
  readonly #observer: InflationObserver | null;
  #underway: Underway | null = null;
  // Both are made when first needed: most connections never see a message in pieces, or text beyond ASCII.
  #buffer: GrowingBuffer | null = null;
  #validator: Utf8Validator | null = null;
  /** Opcode of the message under way, `null` between messages. */
  #opcode: typeof Opcode.Text | typeof Opcode.Binary | null = null;
  #compressed = false;
  #final = false;
  #fragments = 0;
  /** Payload bytes of the message that its headers have announced so far. */
  #announcedBytes = 0;
  #ascii = true;
  #delivered = 0;

  constructor(
    limits: MessageLimits,
    sink: MessageSink,
    text: TextOps,
    allocate: Allocate,
    deflate: MessageDeflate | null = null,
    observer: InflationObserver | null = null,
  ) {
    this.#limits = limits;
    this.#sink = sink;
    this.#text = text;
    this.#allocate = allocate;
    this.#deflate = deflate;
    this.#observer = observer;
  }

  /** Whether a message was begun and is not complete. */
  get midMessage(): boolean {
    return this.#opcode !== null;
  }

  /** Messages delivered so far. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Takes the header of a data frame; a reserved bit on the first one tells that the message is compressed. RFC 6455 §5.4. */
  begin(header: Readonly<FrameHeader>): void {
    if (header.opcode === Opcode.Continuation) {
      if (this.#opcode === null) throw new FrameError('UNEXPECTED_CONTINUATION', 'there is no message to continue');
    } else if (this.#opcode !== null) {
      throw new FrameError('MESSAGE_INTERRUPTED', 'a new message began before the last one was complete');
    } else {
      this.#opcode = header.opcode === Opcode.Text ? Opcode.Text : Opcode.Binary;
      this.#compressed = header.rsv !== 0;
      this.#fragments = 0;
      this.#announcedBytes = 0;
      this.#ascii = true;
    }
    const { maxMessageBytes, maxFragments } = this.#limits;
    this.#announcedBytes += header.payloadBytes;
    if (this.#announcedBytes > maxMessageBytes) {
      throw new FrameError('PAYLOAD_TOO_BIG', `the message is longer than maxMessageBytes (${maxMessageBytes})`);
    }
    if (++this.#fragments > maxFragments) {
      throw new FrameError('TOO_MANY_FRAGMENTS', `the message has more frames than maxFragments (${maxFragments})`);
    }
    this.#final = header.fin;
  }

  /** Takes the next piece of the payload announced last, and delivers the message when it is complete. */
  push(bytes: Uint8Array, start: number, end: number, ascii: boolean, last: boolean): void {
    const complete = last && this.#final;
    if (this.#compressed) {
      this.#pushCompressed(bytes, start, end, complete);
      return;
    }
    if (this.#opcode === Opcode.Text) this.#check(bytes, start, end, ascii, complete);
    if (complete && (this.#buffer === null || this.#buffer.length === 0)) {
      this.#deliver(bytes, start, end);
      return;
    }
    this.#buffer ??= new GrowingBuffer(this.#allocate);
    this.#buffer.append(bytes, start, end, this.#announcedBytes, this.#final);
    if (complete) this.#deliverJoined(this.#buffer);
  }

  /** Frees what an unfinished message holds. */
  clear(): void {
    this.#opcode = null;
    this.#buffer?.clear();
    this.#underway?.cancel();
    this.#underway = null;
  }

  /**
   * Delivers a message that was inflated beside this thread.
   *
   * @throws {FrameError} what is wrong with it.
   */
  takeInflated(): void {
    const underway = this.#underway;
    if (underway === null || underway.take === null) return;
    this.#underway = null;
    this.#deliverInflated(underway.take(), underway.isText);
  }

  #pushCompressed(bytes: Uint8Array, start: number, end: number, complete: boolean): void {
    this.#buffer ??= new GrowingBuffer(this.#allocate);
    const buffer = this.#buffer;
    buffer.append(bytes, start, end, this.#announcedBytes + DEFLATE_TAIL.length, this.#final);
    if (!complete) return;
    const compressedBytes = buffer.length;
    buffer.append(DEFLATE_TAIL, 0, DEFLATE_TAIL.length, compressedBytes + DEFLATE_TAIL.length, true);
    const compressed = buffer.peek().subarray(0, buffer.length);
    buffer.clear();
    const { maxMessageBytes } = this.#limits;
    const deflate = this.#deflate as MessageDeflate;
    const inflated = deflate.inflate({ bytes: compressed, compressedBytes, maxBytes: maxMessageBytes });
    const isText = this.#opcode === Opcode.Text;
    this.#opcode = null;
    if (inflated instanceof Uint8Array) this.#deliverInflated(inflated, isText);
    else this.#inflateAside(inflated, isText, deflate);
  }

  #inflateAside(inflation: Inflation, isText: boolean, deflate: MessageDeflate): void {
    const cancel = deflate.inflateAside(inflation, (take) => {
      underway.take = take;
      this.#observer?.inflationDone();
    });
    const underway: Underway = { isText, cancel, take: null };
    this.#underway = underway;
    this.#observer?.inflationBegun();
  }

  #deliverInflated(message: Uint8Array, isText: boolean): void {
    this.#observer?.inflated(message.length);
    const text = this.#text;
    if (isText && !text.isUtf8(message, 0, message.length)) throw invalidText();
    this.#delivered++;
    if (isText) this.#sink.text(text.decode(message, 0, message.length, false));
    else this.#sink.binary(ownMemory(message));
  }

  #check(bytes: Uint8Array, start: number, end: number, ascii: boolean, complete: boolean): void {
    // ASCII needs no look at the bytes, unless it follows half a code point.
    if (ascii && (this.#validator === null || this.#validator.complete)) return;
    this.#ascii = false;
    this.#validator ??= new Utf8Validator(this.#text.isUtf8);
    if (!this.#validator.push(bytes, start, end)) throw invalidText();
    if (complete && !this.#validator.complete) throw invalidText();
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    if (this.#finish()) this.#sink.text(this.#text.decode(bytes, start, end, this.#ascii));
    else this.#sink.binary(copy(bytes, start, end));
  }

  #deliverJoined(buffer: GrowingBuffer): void {
    if (!this.#finish()) {
      this.#sink.binary(buffer.take());
      return;
    }
    const text = this.#text.decode(buffer.peek(), 0, buffer.length, this.#ascii);
    buffer.clear();
    this.#sink.text(text);
  }

  /** Settles everything before the sink is called, as it may close the connection. Returns whether it was text. */
  #finish(): boolean {
    const isText = this.#opcode === Opcode.Text;
    this.#opcode = null;
    this.#delivered++;
    return isText;
  }
}

function copy(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  // `slice` of a subclass (Buffer) would go through its constructor; a plain view is twice as fast.
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start).slice() as Uint8Array<ArrayBuffer>;
}

/** What was inflated may lie in memory that is larger, or shared. */
function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, length } = bytes;
  return length === buffer.byteLength ? new Uint8Array(buffer as ArrayBuffer) : copy(bytes, 0, length);
}

function invalidText(): FrameError {
  // §8.1: bytes that are not UTF-8 fail the connection.
  return new FrameError('INVALID_UTF8', 'a text message is not UTF-8');
}
