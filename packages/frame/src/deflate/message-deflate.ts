import type { Allocate } from '../growing-buffer.ts';
import type { DeflateParameters } from '../handshake/deflate-parameters.ts';
import type { Cancel, Deflater, Inflated, Inflater } from './codec.ts';
import { InflateRate } from './inflate-rate.ts';
import { type CompressedMessage, Inflation } from './inflation.ts';
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
  /** Messages from so many bytes on, inflated, are compressed and inflated beside this thread, if the codec can. @default Infinity */
  readonly asyncThresholdBytes?: number;
  /** What the peer's messages may become, over 10 s, one message always allowed. @default Infinity */
  readonly maxInflatedBytesPerSecond?: number;
}

/**
 * What stands behind a compressed message when it is inflated: the bytes that its sender left out (RFC 7692 §7.2.2), and
 * an empty final block. Only who is at the border of two blocks when the message ends gets to that one, so a message
 * that was cut off is found out.
 */
export const DEFLATE_TAIL: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x03, 0x00);

/** Of those the ones that a sender leaves out. */
const OMITTED_BYTES = 4;

/** Text becomes about so many times as much: more compressed bytes than that are not tried at once. */
const USUAL_RATIO = 4;

const nothing: Uint8Array = new Uint8Array(0);

/** Compresses and inflates the messages of one connection. RFC 7692 §7.2. */
export class MessageDeflate {
  readonly thresholdBytes: number;
  readonly deflater: Deflater;
  readonly #asyncThresholdBytes: number;
  readonly #largeBytes: number;
  readonly #inflater: Inflater;
  readonly #allocate: Allocate;
  readonly #receivedBits: number;
  /** What our next message may refer to; `null` without context takeover. */
  readonly #sent: SlidingWindow | null;
  readonly #received: SlidingWindow | null;
  readonly #maxInflatedBytesPerSecond: number;
  /** Made with the first message. */
  #rate: InflateRate | null = null;

  constructor(role: 'client' | 'server', setup: DeflateSetup, allocate: Allocate) {
    const { agreed, deflater, inflater, thresholdBytes, asyncThresholdBytes = Number.POSITIVE_INFINITY } = setup;
    this.thresholdBytes = thresholdBytes;
    this.deflater = deflater;
    this.#asyncThresholdBytes = asyncThresholdBytes;
    this.#largeBytes = Math.max(asyncThresholdBytes, thresholdBytes);
    this.#inflater = inflater;
    this.#maxInflatedBytesPerSecond = setup.maxInflatedBytesPerSecond ?? Number.POSITIVE_INFINITY;
    this.#allocate = allocate;
    const server = window(agreed.serverNoContextTakeover, agreed.serverMaxWindowBits, allocate);
    const client = window(agreed.clientNoContextTakeover, agreed.clientMaxWindowBits, allocate);
    this.#sent = role === 'server' ? server : client;
    this.#received = role === 'server' ? client : server;
    this.#receivedBits = role === 'server' ? agreed.clientMaxWindowBits : agreed.serverMaxWindowBits;
  }

  /** Whether a message of so many bytes is large enough to be compressed with {@link deflateAside}. */
  isLarge(bytes: number): boolean {
    return bytes >= this.#largeBytes && this.deflater.deflateAside !== undefined;
  }

  /** Payload of the compressed message, or `null` for one that is to be sent plain. */
  deflate(payload: Uint8Array): Uint8Array | null {
    if (payload.length < this.thresholdBytes) return null;
    const compressed = deflateMessage(this.deflater, payload, this.#sent?.bytes ?? null);
    if (compressed !== null) this.sentDeflated(payload);
    return compressed;
  }

  /** As {@link deflate}, of a message that {@link isLarge}. Until it is done no other message may be compressed. */
  deflateAside(payload: Uint8Array, done: (compressed: Uint8Array | null) => void): Cancel {
    return deflateMessageAside(this.deflater, payload, this.#sent?.bytes ?? null, (compressed) => {
      if (compressed !== null) this.sentDeflated(payload);
      done(compressed);
    });
  }

  /** Notes a message that was compressed elsewhere, with {@link deflater} and without history, and sent compressed. */
  sentDeflated(payload: Uint8Array): void {
    this.#sent?.push(payload);
  }

  /**
   * Inflates a message; behind its compressed bytes stands {@link DEFLATE_TAIL}. What it returns may lie in larger memory,
   * and is an {@link Inflation} that has begun where that takes long enough to be done with {@link inflateAside}.
   *
   * @throws {FrameError} `PAYLOAD_TOO_BIG` as soon as there is more than `maxBytes`, or `INVALID_DEFLATE`.
   */
  inflate(message: CompressedMessage): Uint8Array | Inflation {
    // Nothing at all is no block, but nothing else than an empty message can be meant.
    if (message.compressedBytes === 0) return nothing;
    const inflation = new Inflation(message, this.#received, this.#receivedBits, this.#allocate);
    const limit = this.#inflater.inflateAside === undefined ? Number.POSITIVE_INFINITY : this.#asyncThresholdBytes;
    for (;;) {
      const { input, history, roomBytes } = inflation;
      if (input.length * USUAL_RATIO >= limit) return inflation;
      const inflated = this.#inflater.inflate(input, history, Math.min(roomBytes, limit));
      // How much it becomes is known by trying alone: what was done for nothing is bounded by the threshold.
      if (inflated.type === 'too-big' && limit < roomBytes) return inflation;
      const whole = inflation.take(inflated);
      if (whole !== null) return whole;
    }
  }

  /**
   * Counts a message that was inflated, and returns for how many milliseconds the peer is not to be read.
   */
  countInflated(bytes: number, nowMs: number, maxMessageBytes: number): number {
    if (this.#maxInflatedBytesPerSecond === Number.POSITIVE_INFINITY) return 0;
    this.#rate ??= new InflateRate(this.#maxInflatedBytesPerSecond, maxMessageBytes);
    return this.#rate.count(bytes, nowMs);
  }

  /** Goes on with what {@link inflate} has begun. `ready` is given what returns the message, or throws as `inflate` does. */
  inflateAside(inflation: Inflation, ready: (take: () => Uint8Array) => void): Cancel {
    let cancel: Cancel = () => {};
    const begin = (): void => {
      const { input, history, roomBytes } = inflation;
      cancel = (this.#inflater as Required<Inflater>).inflateAside(input, history, roomBytes, next);
    };
    const next = (inflated: Inflated): void => {
      let whole: Uint8Array | null;
      try {
        whole = inflation.take(inflated);
      } catch (error) {
        ready(() => {
          throw error;
        });
        return;
      }
      if (whole === null) begin();
      else ready(() => whole);
    };
    begin();
    return () => cancel();
  }
}

/** Payload of a compressed message, or `null` where that would not be shorter. RFC 7692 §7.2.1. */
export function deflateMessage(deflater: Deflater, payload: Uint8Array, history: Uint8Array | null): Uint8Array | null {
  try {
    return withoutTail(deflater.deflate(payload, history), payload);
  } catch {
    // No memory, say: whoever sends is owed the message, not the compression.
    return null;
  }
}

/** As {@link deflateMessage}, with a deflater that can do it beside this thread. */
export function deflateMessageAside(
  deflater: Deflater,
  payload: Uint8Array,
  history: Uint8Array | null,
  done: (compressed: Uint8Array | null) => void,
): Cancel {
  return (deflater as Required<Deflater>).deflateAside(payload, history, (blocks) => {
    done(blocks === null ? null : withoutTail(blocks, payload));
  });
}

function withoutTail(blocks: Uint8Array, payload: Uint8Array): Uint8Array | null {
  const bytes = blocks.length - OMITTED_BYTES;
  if (bytes <= 0 || bytes >= payload.length) return null;
  for (let at = 0; at < OMITTED_BYTES; at++) if (blocks[bytes + at] !== DEFLATE_TAIL[at]) return null;
  return blocks.subarray(0, bytes);
}

function window(noContextTakeover: boolean, windowBits: number, allocate: Allocate): SlidingWindow | null {
  return noContextTakeover ? null : new SlidingWindow(windowBits, allocate);
}
