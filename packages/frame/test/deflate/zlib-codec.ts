import { constants, deflateRawSync, type InflateRaw, inflateRawSync } from 'node:zlib';
import type { Deflater, Inflater } from '../../src/deflate/codec.ts';
import { type DeflateSetup, MessageDeflate } from '../../src/deflate/message-deflate.ts';
import { allocateZeroed } from '../../src/growing-buffer.ts';
import type { DeflateParameters } from '../../src/handshake/deflate-parameters.ts';

const { Z_SYNC_FLUSH } = constants;

/** Neither takeover nor a small window. */
export const plainAgreement: DeflateParameters = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

export const zlibDeflater = (windowBits = 15): Deflater => ({
  deflate: (bytes, history) =>
    deflateRawSync(bytes, {
      windowBits: Math.max(windowBits, 9),
      finishFlush: Z_SYNC_FLUSH,
      ...(history === null ? {} : { dictionary: history }),
    }),
});

export const zlibInflater = (windowBits = 15): Inflater => ({
  inflate(bytes, history, maxBytes) {
    try {
      const inflated = inflateRawSync(bytes, {
        windowBits,
        info: true,
        maxOutputLength: Math.max(1, maxBytes),
        ...(history === null ? {} : { dictionary: history }),
      });
      const { buffer, engine } = inflated as unknown as { buffer: Buffer; engine: InflateRaw };
      return { type: 'done', bytes: buffer, readBytes: engine.bytesWritten };
    } catch (cause) {
      if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return { type: 'too-big' };
      return { type: 'corrupt', cause };
    }
  },
});

export function messageDeflate(
  role: 'client' | 'server',
  agreed: Partial<DeflateParameters> = {},
  setup: Partial<DeflateSetup> = {},
): MessageDeflate {
  const whole = { ...plainAgreement, ...agreed };
  const [own, peers] =
    role === 'server'
      ? [whole.serverMaxWindowBits, whole.clientMaxWindowBits]
      : [whole.clientMaxWindowBits, whole.serverMaxWindowBits];
  const defaults = { deflater: zlibDeflater(own), inflater: zlibInflater(peers), thresholdBytes: 0 };
  return new MessageDeflate(role, { agreed: whole, ...defaults, ...setup }, allocateZeroed);
}

/** Payload of a compressed message as most senders make it. */
export function deflated(payload: string | Uint8Array, dictionary?: Uint8Array): Uint8Array {
  const blocks = deflateRawSync(payload, { finishFlush: Z_SYNC_FLUSH, ...(dictionary ? { dictionary } : {}) });
  return new Uint8Array(blocks.subarray(0, -4));
}
