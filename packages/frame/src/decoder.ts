import { createHeader, type FrameHeader, MAX_HEADER_BYTES, readHeader } from './header.ts';
import { applyMask, type MaskWide, WIDE_MASK_MIN_BYTES, WORD_MASK_MIN_BYTES, wordsOver } from './mask.ts';

/** What {@link FrameDecoder} tells. A `FrameError` thrown by a method passes through `push`. */
export interface FrameSink {
  /**
   * A header was read, nothing of its payload yet: the place for limits. `header` is the decoder's own and
   * stays as it is until the frame ends.
   */
  frameHeader(header: Readonly<FrameHeader>): void;
  /**
   * `bytes[start, end)` is the next piece of the payload, unmasked; `last` when the frame is complete with it.
   * Each frame has at least one piece, which may be empty. `ascii` is true when every byte of the piece is
   * known to be ASCII. The memory is the chunk's: copy what must outlive the call.
   */
  framePayload(bytes: Uint8Array, start: number, end: number, ascii: boolean, last: boolean): void;
}

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Turns chunks of any size into frames. Payloads are not collected: what a chunk holds of a frame is handed
 * on at once, so a frame that lies within one chunk is never copied, and only a header that is cut in two is
 * kept here. No object is made per frame.
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #maskWide: MaskWide | null;
  readonly #header: FrameHeader = createHeader();
  #inPayload = false;
  #payloadSeenBytes = 0;
  /** The beginning of a header, while its rest has not arrived. */
  #cutHeader: Uint8Array | null = null;
  #cutHeaderBytes = 0;
  #stopped = false;
  /** What came while the decoder is held; `null` when it is not. */
  #kept: Uint8Array | null = null;
  #words: Int32Array | null = null;

  constructor(sink: FrameSink, maskWide: MaskWide | null = null) {
    this.#sink = sink;
    this.#maskWide = maskWide;
  }

  /** Whether the input so far ends within a frame. */
  get midFrame(): boolean {
    return this.#inPayload || this.#cutHeaderBytes > 0;
  }

  /** Whether {@link hold} is in force. */
  get held(): boolean {
    return this.#kept !== null;
  }

  /** Called by the sink at the end of a frame, or while held: decodes no further until {@link release}, and keeps what comes. */
  hold(): void {
    this.#stopped = true;
    this.#kept ??= nothing;
  }

  /**
   * Decodes what was kept, and goes on. Does nothing unless held.
   *
   * @throws {FrameError} as {@link push}.
   */
  release(): void {
    const kept = this.#kept;
    if (kept === null) return;
    this.#kept = null;
    this.#stopped = false;
    this.push(kept);
  }

  /** Discards everything from here on, the rest of the current chunk included. */
  stop(): void {
    this.#stopped = true;
    this.#kept = null;
    this.#inPayload = false;
    this.#cutHeaderBytes = 0;
    this.#cutHeader = null;
  }

  /**
   * Decodes the next chunk. Takes ownership: masked payloads are unmasked in place.
   *
   * @throws {FrameError} what `readHeader` or the sink throws; {@link stop} must follow.
   */
  push(chunk: Uint8Array): void {
    if (this.#stopped) return this.#keep(chunk, 0);
    let at = this.#inPayload ? this.#readPayload(chunk, 0) : 0;
    if (this.#cutHeaderBytes > 0) at = this.#finishHeader(chunk);
    while (at < chunk.length) {
      if (this.#stopped) {
        this.#keep(chunk, at);
        break;
      }
      const headerLength = readHeader(chunk, at, chunk.length, this.#header);
      if (headerLength === 0) {
        this.#keepCutHeader(chunk, at);
        break;
      }
      at = this.#beginFrame(chunk, at + headerLength);
    }
    // Not kept between chunks: a view of a chunk would pin its memory on an idle connection.
    this.#words = null;
  }

  /** While held, copies the rest of a chunk: its memory is the reader's, who reads no further, but may have read already. */
  #keep(chunk: Uint8Array, start: number): void {
    const kept = this.#kept;
    if (kept === null) return;
    const joined = new Uint8Array(kept.length + chunk.length - start);
    joined.set(kept);
    joined.set(chunk.subarray(start), kept.length);
    this.#kept = joined;
  }

  #beginFrame(chunk: Uint8Array, at: number): number {
    this.#sink.frameHeader(this.#header);
    if (this.#stopped) return chunk.length;
    this.#inPayload = true;
    this.#payloadSeenBytes = 0;
    if (at === chunk.length && this.#header.payloadBytes > 0) return at;
    return this.#readPayload(chunk, at);
  }

  /** Hands on what `chunk` holds of the current payload and returns where it ends. */
  #readPayload(chunk: Uint8Array, start: number): number {
    const header = this.#header;
    const missing = header.payloadBytes - this.#payloadSeenBytes;
    const last = chunk.length - start >= missing;
    const end = last ? start + missing : chunk.length;
    const ascii = header.masked && this.#unmask(chunk, start, end);
    // Updated before the sink is called: it may throw, or ask whether a frame is under way.
    this.#inPayload = !last;
    this.#payloadSeenBytes += end - start;
    this.#sink.framePayload(chunk, start, end, ascii, last);
    return end;
  }

  #unmask(chunk: Uint8Array, start: number, end: number): boolean {
    const { maskKey } = this.#header;
    if (this.#maskWide !== null && end - start >= WIDE_MASK_MIN_BYTES) {
      this.#maskWide(chunk, start, end, maskKey, this.#payloadSeenBytes);
      return false;
    }
    if (end - start >= WORD_MASK_MIN_BYTES) this.#words ??= wordsOver(chunk);
    return applyMask(chunk, start, end, maskKey, this.#payloadSeenBytes, this.#words);
  }

  #keepCutHeader(chunk: Uint8Array, start: number): void {
    this.#cutHeader ??= new Uint8Array(MAX_HEADER_BYTES);
    for (let at = start; at < chunk.length; at++) this.#cutHeader[this.#cutHeaderBytes++] = chunk[at] as number;
  }

  /** Completes a cut header byte by byte, so that not one byte of payload is taken along. */
  #finishHeader(chunk: Uint8Array): number {
    const cut = this.#cutHeader as Uint8Array;
    for (let at = 0; at < chunk.length; ) {
      cut[this.#cutHeaderBytes++] = chunk[at++] as number;
      if (readHeader(cut, 0, this.#cutHeaderBytes, this.#header) === 0) continue;
      this.#cutHeaderBytes = 0;
      return this.#beginFrame(chunk, at);
    }
    return chunk.length;
  }
}
