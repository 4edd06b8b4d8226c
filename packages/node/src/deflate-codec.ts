import { constants as bufferConstants } from 'node:buffer';
import {
  constants,
  createDeflateRaw,
  createInflateRaw,
  deflateRawSync,
  type InflateRaw,
  inflateRawSync,
  type ZlibOptions,
} from 'node:zlib';
import type { Cancel, Deflater, Inflated, Inflater } from '@typewire/frame';
import { ZlibJob } from './zlib-job.ts';

/** zlib has no raw deflate for 8 bits. With 9 it looks back 250 bytes at most, so the result fits a window of 8, too. */
const MIN_DEFLATE_BITS = 9;

const MIN_CHUNK_BYTES = 1_024;
const MAX_CHUNK_BYTES = 65_536;

/** In the thread pool each chunk is a turn of its own, which costs this thread 30 µs. */
const MAX_POOL_CHUNK_BYTES = 262_144;

/** How hard zlib tries. */
export interface DeflateEffort {
  readonly level: number;
  readonly memLevel: number;
}

const deflaters = new Map<string, Deflater>();
const inflaters = new Map<number, Inflater>();

/**
 * One deflater for all connections with the same settings, so that what it made for one of them can serve the others.
 *
 * Each call makes a zlib state and frees it. Of the 11 µs for 1 KiB that costs 5, but nothing is held between messages,
 * and a state that is kept can only be used through the thread pool, which costs more than that for each message.
 */
export function deflaterFor(windowBits: number, { level, memLevel }: DeflateEffort): Deflater {
  const key = `${windowBits}/${level}/${memLevel}`;
  let deflater = deflaters.get(key);
  if (deflater === undefined) {
    const bits = Math.max(windowBits, MIN_DEFLATE_BITS);
    deflater = createDeflater({ windowBits: bits, level, memLevel, finishFlush: constants.Z_SYNC_FLUSH });
    deflaters.set(key, deflater);
  }
  return deflater;
}

/** One inflater for all connections with the same window. */
export function inflaterFor(windowBits: number): Inflater {
  let inflater = inflaters.get(windowBits);
  if (inflater === undefined) {
    inflater = {
      inflate: (bytes, history, maxBytes) => inflate(bytes, windowBits, history, maxBytes),
      inflateAside: (bytes, history, maxBytes, done) => inflateAside(bytes, { windowBits, history, maxBytes }, done),
    };
    inflaters.set(windowBits, inflater);
  }
  return inflater;
}

function createDeflater(options: ZlibOptions): Deflater {
  return {
    deflate: (bytes, history) =>
      deflateRawSync(bytes, { ...options, ...dictionary(history), chunkSize: chunkBytes(bytes.length) }),
    deflateAside(bytes, history, done) {
      const chunkSize = chunkBytes(bytes.length, MAX_POOL_CHUNK_BYTES);
      const create = () => createDeflateRaw({ ...options, ...dictionary(history), chunkSize });
      const job = new ZlibJob(create, bytes, Number.POSITIVE_INFINITY, (outcome) => {
        done(outcome.type === 'done' ? outcome.bytes : null);
      });
      return () => job.cancel();
    },
  };
}

function inflate(bytes: Uint8Array, windowBits: number, history: Uint8Array | null, maxBytes: number): Inflated {
  try {
    const inflated = inflateRawSync(bytes, {
      ...dictionary(history),
      windowBits,
      // Looked at after each chunk, so a bomb costs one chunk more than the limit.
      maxOutputLength: Math.min(Math.max(1, maxBytes), bufferConstants.MAX_LENGTH),
      chunkSize: chunkBytes(bytes.length * 4),
      info: true,
    });
    // What `info` changes is in Node's documentation, but not in its types.
    const { buffer, engine } = inflated as unknown as { buffer: Buffer; engine: InflateRaw };
    return { type: 'done', bytes: buffer, readBytes: engine.bytesWritten };
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ERR_BUFFER_TOO_LARGE') return { type: 'too-big' };
    if (isCorrupt(code)) return { type: 'corrupt', cause };
    // Not about the bytes (no memory, say), so not the peer's fault.
    throw cause;
  }
}

interface InflateTask {
  readonly windowBits: number;
  readonly history: Uint8Array | null;
  readonly maxBytes: number;
}

function inflateAside(bytes: Uint8Array, task: InflateTask, done: (inflated: Inflated) => void): Cancel {
  const { windowBits, history, maxBytes } = task;
  const create = () =>
    createInflateRaw({
      ...dictionary(history),
      windowBits,
      // Looked at after each chunk, as above.
      chunkSize: chunkBytes(Math.min(bytes.length * 8, maxBytes + 1), MAX_POOL_CHUNK_BYTES),
    });
  const job = new ZlibJob(create, bytes, maxBytes, (outcome) => {
    const corrupt = outcome.type === 'failed' && isCorrupt(codeOf(outcome.cause));
    done(corrupt ? { type: 'corrupt', cause: outcome.cause } : outcome);
  });
  return () => job.cancel();
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : '';
}

function isCorrupt(code: unknown): boolean {
  return code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR';
}

function dictionary(history: Uint8Array | null): ZlibOptions {
  return history === null ? {} : { dictionary: history };
}

/** Memory for so many bytes at once; what does not fit is made in several chunks and joined. */
function chunkBytes(expectedBytes: number, maxBytes = MAX_CHUNK_BYTES): number {
  return Math.min(Math.max(expectedBytes, MIN_CHUNK_BYTES), maxBytes);
}
