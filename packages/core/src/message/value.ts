import { ProtocolError, UsageError } from '../errors.ts';
import { type EncodedValue, packValue } from './binary.ts';
import { flawOf } from './flaw.ts';
import { MAX_ATTACHMENTS } from './limits.ts';
import { isPlainJson, MAX_DEPTH } from './plain-json.ts';
import type { Serialized, Serializer } from './serializer.ts';
import { tooDeep } from './unserializable.ts';

/**
 * The fields that close a message, as JSON text with their leading commas: nothing for `undefined`, `,value` for plain
 * JSON, `,value,meta` for the rest; packed with its attachments where it has any. Encoded once, it can be put behind
 * any message head. A promise where something has to be read first; it rejects when that fails.
 *
 * @param name what the value is called in errors.
 * @throws {UsageError} `UNSERIALIZABLE` for a value that cannot travel.
 */
export function encodeValue(
  serializer: Serializer,
  value: unknown,
  name = 'value',
): EncodedValue | Promise<EncodedValue> {
  if (value === undefined) return '';
  if (isPlainJson(value)) return `,${JSON.stringify(value)}`;
  const serialized = serializer.serialize(value, name);
  if (serialized instanceof Promise) return serialized.then((parts) => encodeParts(parts, name));
  return encodeParts(serialized, name);
}

/** Tells a value that is ready from one that has to be waited for. */
export function isEncoded(encoded: EncodedValue | Promise<EncodedValue>): encoded is EncodedValue {
  return typeof encoded === 'string' || encoded instanceof Uint8Array;
}

/**
 * As `encodeValue`, for what must be text, and at once.
 *
 * @throws {UsageError} `UNSERIALIZABLE` for bytes too.
 */
export function encodeText(serializer: Serializer, value: unknown, name: string): string {
  const encoded = encodeValue(serializer, value, name);
  if (typeof encoded === 'string') return encoded;
  // Nobody waits for it, nor for its failure.
  if (!isEncoded(encoded)) encoded.catch(() => {});
  throw new UsageError('UNSERIALIZABLE', `${name} must not hold bytes: it travels as text`);
}

function encodeParts({ json, meta, attachments = [] }: Serialized, name: string): EncodedValue {
  const text = JSON.stringify(json);
  if (text === undefined) throw new UsageError('UNSERIALIZABLE', `the serializer returned no JSON for ${name}`);
  const metaText = meta === undefined ? (attachments.length === 0 ? '' : 'null') : JSON.stringify(meta);
  // As the peer reads it: a Map is two levels of JSON, metadata nests too, and objects may have a `toJSON`.
  for (const part of metaText === '' ? [text] : [text, metaText]) {
    const flaw = flawOf(JSON.parse(part), MAX_DEPTH);
    if (flaw === 'too deep') throw tooDeep(name);
    if (flaw === null) continue;
    throw new UsageError('UNSERIALIZABLE', `the serializer gave ${name} a key of the prototype machinery`);
  }
  if (attachments.length > MAX_ATTACHMENTS) {
    const { length } = attachments;
    throw new UsageError(
      'UNSERIALIZABLE',
      `${name} holds ${length} typed arrays and Blobs, of which a message carries ${MAX_ATTACHMENTS}: join them, or send several`,
    );
  }
  const fields = metaText === '' ? `,${text}` : `,${text},${metaText}`;
  return attachments.length === 0 ? fields : packValue(fields, attachments);
}

/**
 * Reads the value that begins at field `from` of a decoded message.
 *
 * @throws {ProtocolError} `MALFORMED` for metadata that does not fit or a value that cannot be revived.
 */
export function decodeValue(serializer: Serializer, message: readonly unknown[], from: number): unknown {
  const json = message[from];
  if (message.length <= from + 1) return json;
  const meta = message[from + 1];
  // Only `decodeBinary` puts something here.
  const attachments = (message[from + 2] ?? []) as readonly Uint8Array[];
  try {
    return serializer.deserialize({ json, meta, attachments });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'its serializer threw';
    throw new ProtocolError('MALFORMED', `a value could not be revived: ${why}`);
  }
}
