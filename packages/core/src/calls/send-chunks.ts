import { callFailure } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeChunk } from '../message/encode.ts';
import { excessOf } from '../message/excess.ts';
import type { Serializer } from '../message/serializer.ts';
import { encodeValue, isEncoded } from '../message/value.ts';
import type { ItemFlow } from './item-flow.ts';
import { ItemPace, type PaceHost } from './item-pace.ts';
import { sendItems } from './send-items.ts';
import type { UploadSource } from './upload.ts';

/** What sending chunks needs of a session. */
export interface ChunkHost extends PaceHost {
  readonly serializer: Serializer;
  /** Largest message the peer takes, in bytes. */
  readonly maxMessageBytes: number;
  send(message: EncodedMessage): void;
}

/**
 * Sends what `source` gives as the chunks of call `id`; resolves and rejects as `sendItems`, with `LIMIT_EXCEEDED` for a
 * chunk above what the peer takes. protocol: "Upload".
 */
export function sendChunks(
  id: number,
  source: UploadSource<unknown>,
  flow: ItemFlow,
  host: ChunkHost,
): Promise<'ended' | 'over'> {
  const pass = (value: EncodedValue): void => {
    const message = encodeChunk(id, value);
    const excess = excessOf(message, host.maxMessageBytes);
    if (excess !== null) throw callFailure('LIMIT_EXCEEDED', excess, 'not-sent');
    host.send(message);
  };
  const send = (chunk: unknown): void | Promise<void> => {
    const encoded = encodeValue(host.serializer, chunk, 'chunk');
    if (isEncoded(encoded)) return pass(encoded);
    return encoded.then((value) => {
      // While a Blob was read, the call may have ended with its session: its id is another's then.
      if (!flow.isOver) pass(value);
    });
  };
  return sendItems(source, flow, new ItemPace(host, flow), send);
}
