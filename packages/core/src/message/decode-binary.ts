import { LENGTH_BYTES, readLength } from './binary.ts';
import { checkMessage, endsWithMetadata, malformed, parseArray } from './decode.ts';
import { MAX_ATTACHMENTS } from './limits.ts';
import type { Message } from './messages.ts';
import type { Shapes } from './shape.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {ProtocolError} where bytes cannot come, or as `decodeMessages`. */
export type DecodeBinary = (bytes: Uint8Array, shapes: Shapes) => Message;

/**
 * Reads one WebSocket binary message: all that `decodeMessages` checks, and that the attachments are as long as
 * announced. They stand behind the metadata of the value, as views of `bytes`, where `decodeValue` finds them.
 * protocol: "Binary messages".
 *
 * @param check what refuses a header before it is parsed, with a `ProtocolError`.
 * @throws {ProtocolError} as `decodeMessages`.
 */
export function decodeBinary(bytes: Uint8Array, shapes: Shapes, check: (header: string) => void = () => {}): Message {
  if (bytes.length < LENGTH_BYTES) throw malformed('a binary message without a header');
  const headerEnd = LENGTH_BYTES + readLength(bytes);
  if (headerEnd > bytes.length) throw malformed('a header longer than its message');
  const text = decodeText(bytes.subarray(LENGTH_BYTES, headerEnd));
  check(text);
  const header = parseArray(text);
  const [lengths, fields] = header;
  if (header.length !== 2 || !Array.isArray(lengths) || !Array.isArray(fields)) {
    throw malformed('a header that is not lengths and a message');
  }
  const attachments = cut(bytes, headerEnd, lengths);
  const message = checkMessage(fields, shapes);
  if (!endsWithMetadata(message, shapes)) throw malformed('attachments to a message that has no metadata');
  // Text cannot bring a field here: one more than metadata is malformed.
  fields.push(attachments);
  return message;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('a header that is not UTF-8');
  }
}

/** The attachments, which must fill the message from `start` to its end. */
function cut(bytes: Uint8Array, start: number, lengths: readonly unknown[]): readonly Uint8Array[] {
  if (lengths.length === 0 || lengths.length > MAX_ATTACHMENTS) {
    throw malformed(`${lengths.length} attachments are not 1 to ${MAX_ATTACHMENTS}`);
  }
  const attachments: Uint8Array[] = [];
  let end = start;
  for (const length of lengths) {
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > bytes.length - end) {
      throw malformed('an attachment that is longer than what is there');
    }
    attachments.push(bytes.subarray(end, end + length));
    end += length;
  }
  if (end !== bytes.length) throw malformed('bytes behind the last attachment');
  return attachments;
}
