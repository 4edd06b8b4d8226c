// A binary message: `u32be header length | header | attachments`, where the header is the JSON
// `[[length, …], message]`. protocol: "Binary messages".

/** One message on its way to a transport: text, or the bytes of a binary one. `length` is its size either way. */
export type EncodedMessage = string | Uint8Array<ArrayBuffer>;

/**
 * What `encodeValue` made of a value: text, or bytes where it has attachments. Those are packed like a message without
 * its head, `u32be text length | [length, …],value,meta | attachments`, so that a broker can carry and keep them.
 */
export type EncodedValue = string | Uint8Array<ArrayBuffer>;

/** Bytes of the number that opens a binary message. */
export const LENGTH_BYTES = 4;

const CLOSE_BRACKET = 93;
const encoder = new TextEncoder();

/** `text` is the value's, as `encodeValue` would give it without attachments. These are copied. */
export function packValue(text: string, attachments: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const lengths = attachments.map((bytes) => bytes.length);
  return concat(encoder.encode(`[${lengths.join()}]${text}`), ...attachments);
}

/** Puts a packed value behind the head of a message, which lacks only its closing bracket. */
export function joinMessage(head: string, packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const lengthsEnd = packed.indexOf(CLOSE_BRACKET, LENGTH_BYTES) + 1;
  const textEnd = LENGTH_BYTES + readLength(packed);
  const before = encoder.encode(`,${head}`);
  const header = new Uint8Array(1 + textEnd - LENGTH_BYTES + before.length + 2);
  header.set(encoder.encode('['));
  header.set(packed.subarray(LENGTH_BYTES, lengthsEnd), 1);
  header.set(before, 1 + lengthsEnd - LENGTH_BYTES);
  header.set(packed.subarray(lengthsEnd, textEnd), 1 + lengthsEnd - LENGTH_BYTES + before.length);
  header.set(encoder.encode(']]'), header.length - 2);
  return concat(header, packed.subarray(textEnd));
}

/** The number that opens a binary message. There must be room for it. */
export function readLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getUint32(0);
}

/** `u32be length of the first | all of them`. */
function concat(first: Uint8Array, ...others: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let end = LENGTH_BYTES + first.length;
  for (const { length } of others) end += length;
  const bytes = new Uint8Array(end);
  new DataView(bytes.buffer).setUint32(0, first.length);
  bytes.set(first, LENGTH_BYTES);
  end = LENGTH_BYTES + first.length;
  for (const other of others) {
    bytes.set(other, end);
    end += other.length;
  }
  return bytes;
}
