import { FrameError } from '../errors.ts';
import type { Allocate } from '../growing-buffer.ts';
import type { DeflateParameters } from '../handshake/deflate-parameters.ts';
import type { Deflater, Inflater } from './codec.ts';
import { SlidingWindow } from './sliding-window.ts';

/** What the handshake has agreed on, and what does the work. */
export interface DeflateSetup {
  readonly agreed: DeflateParameters;
  /** Made for the window of our own direction. */
  readonly deflater: Deflater;
  /** Made for the window of the peer's direction. */
  readonly inflater: Inflater;
  /** Shorter messages are sent plain. */
  readonly thresholdBytes: number;
}

/**
 * What stands behind a compressed message when it is inflated: the bytes that its sender left out (RFC 7692 §7.2.2), and
 * an empty final block. Only who is at the border of two blocks when the message ends gets to that one, so a message
 * that was cut off is found out.
 */
export const DEFLATE_TAIL: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x03, 0x00);

/** Of those the ones that a sender leaves out. */
const OMITTED_BYTES = 4;

/** Final blocks within one message; each costs as much as a message. No sender is known that needs more than one. */
const MAX_FINAL_BLOCKS = 16;

const nothing: Uint8Array = new Uint8Array(0);

/** Compresses and inflates the messages of one connection. RFC 7692 §7.2. */
export class MessageDeflate {
  readonly thresholdBytes: number;
  readonly deflater: Deflater;
  readonly #inflater: Inflater;
  readonly #allocate: Allocate;
  readonly #receivedBits: number;
  /** What our next message may refer to; `null` without context takeover. */
  readonly #sent: SlidingWindow | null;
  readonly #received: SlidingWindow | null;

  constructor(role: 'client' | 'server', setup: DeflateSetup, allocate: Allocate) {
    const { agreed, deflater, inflater, thresholdBytes } = setup;
    this.thresholdBytes = thresholdBytes;
    this.deflater = deflater;
    this.#inflater = inflater;
    this.#allocate = allocate;
    const server = window(agreed.serverNoContextTakeover, agreed.serverMaxWindowBits, allocate);
    const client = window(agreed.clientNoContextTakeover, agreed.clientMaxWindowBits, allocate);
    this.#sent = role === 'server' ? server : client;
    this.#received = role === 'server' ? client : server;
    this.#receivedBits = role === 'server' ? agreed.clientMaxWindowBits : agreed.serverMaxWindowBits;
  }

  /** Payload of the compressed message, or `null` for one that is to be sent plain. */
  deflate(payload: Uint8Array): Uint8Array | null {
    if (payload.length < this.thresholdBytes) return null;
    const compressed = deflateMessage(this.deflater, payload, this.#sent?.bytes ?? null);
    if (compressed !== null) this.sentDeflated(payload);
    return compressed;
  }

  /** Notes a message that was compressed elsewhere, with {@link deflater} and without history, and sent compressed. */
  sentDeflated(payload: Uint8Array): void {
    this.#sent?.push(payload);
  }

  /**
   * Inflates a message: `compressed` is its first `compressedBytes` bytes and behind them {@link DEFLATE_TAIL}. What it
   * returns may lie in larger memory.
   *
   * @throws {FrameError} `PAYLOAD_TOO_BIG` as soon as there is more than `maxBytes`, or `INVALID_DEFLATE`.
   */
  inflate(compressed: Uint8Array, compressedBytes: number, maxBytes: number): Uint8Array {
    // Nothing at all is no block, but nothing else than an empty message can be meant.
    if (compressedBytes === 0) return nothing;
    let history = this.#received;
    let message = nothing;
    let at = 0;
    for (let streams = 1; ; streams++) {
      const roomBytes = maxBytes - message.length;
      const inflated = this.#inflater.inflate(compressed.subarray(at), history?.bytes ?? null, roomBytes);
      if (inflated.type === 'corrupt') throw invalid('a compressed message is not DEFLATE', inflated.cause);
      if (inflated.type === 'too-big' || inflated.bytes.length > roomBytes) {
        throw new FrameError('PAYLOAD_TOO_BIG', `the message inflates to more than maxMessageBytes (${maxBytes})`);
      }
      at += inflated.readBytes;
      message = message.length === 0 ? inflated.bytes : this.#join(message, inflated.bytes);
      const complete = at === compressedBytes || at === compressed.length;
      if (!complete) history ??= new SlidingWindow(this.#receivedBits, this.#allocate);
      history?.push(inflated.bytes);
      if (complete) return message;
      // §7.2.3.4: behind a final block others may follow.
      if (at > compressedBytes) throw invalid('a compressed message ends within a block');
      if (streams === MAX_FINAL_BLOCKS) {
        throw invalid(`a compressed message has more than ${MAX_FINAL_BLOCKS} final blocks`);
      }
    }
  }

  #join(first: Uint8Array, second: Uint8Array): Uint8Array {
    const joined = this.#allocate(first.length + second.length);
    joined.set(first);
    joined.set(second, first.length);
    return joined;
  }
}

/** Payload of a compressed message, or `null` where that would not be shorter. RFC 7692 §7.2.1. */
export function deflateMessage(deflater: Deflater, payload: Uint8Array, history: Uint8Array | null): Uint8Array | null {
  let blocks: Uint8Array;
  try {
    blocks = deflater.deflate(payload, history);
  } catch {
    // No memory, say: whoever sends is owed the message, not the compression.
    return null;
  }
  const bytes = blocks.length - OMITTED_BYTES;
  if (bytes <= 0 || bytes >= payload.length) return null;
  for (let at = 0; at < OMITTED_BYTES; at++) if (blocks[bytes + at] !== DEFLATE_TAIL[at]) return null;
  return blocks.subarray(0, bytes);
}

function window(noContextTakeover: boolean, windowBits: number, allocate: Allocate): SlidingWindow | null {
  return noContextTakeover ? null : new SlidingWindow(windowBits, allocate);
}

function invalid(message: string, cause?: unknown): FrameError {
  return new FrameError('INVALID_DEFLATE', message, cause === undefined ? {} : { cause });
}
