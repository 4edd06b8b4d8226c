import type { EncodedValue } from '../../src/message/binary.ts';
import { decodeMessages, isBatch } from '../../src/message/decode.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { encodeResult } from '../../src/message/encode.ts';
import type { Serializer } from '../../src/message/serializer.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';
import { decodeValue, encodeValue } from '../../src/message/value.ts';

/** Sends a value through a message and back. `receiver` is the serializer of the other end. */
export function roundTrip(value: unknown, sender: Serializer, receiver: Serializer = sender): unknown {
  return readBack(encodeNow(sender, value), receiver);
}

/** What a peer reads of an encoded value. */
export function readBack(encoded: EncodedValue, receiver: Serializer): unknown {
  const message = encodeResult(1, encoded);
  const decoded =
    typeof message === 'string' ? decodeMessages(message, serverShapes) : decodeBinary(message, serverShapes);
  if (isBatch(decoded)) throw new Error('a result was read as a batch');
  return decodeValue(receiver, decoded, 2);
}

/** A value of which nothing has to be read first. */
export function encodeNow(serializer: Serializer, value: unknown, name?: string): EncodedValue {
  const encoded = encodeValue(serializer, value, name);
  if (encoded instanceof Promise) throw new Error('the value has to be waited for');
  return encoded;
}
