import { ProtocolError, UsageError } from '../errors.ts';
import { isSafeMetadata } from './metadata.ts';
import { isNestedWithin } from './nesting.ts';
import { isForbiddenKey, isPlainJson, MAX_DEPTH, tooDeep } from './plain-json.ts';
import { refuseUnsendable } from './sendable.ts';
import type { Serializer } from './serializer.ts';

/**
 * The fields that close a message, as JSON text with their leading commas: nothing for `undefined`, `,value` for plain
 * JSON, `,value,meta` for the rest. Encoded once, it can be put behind any message head.
 *
 * @throws {UsageError} `UNSERIALIZABLE` for a value that cannot travel.
 */
export function encodeValue(serializer: Serializer, value: unknown): string {
  if (value === undefined) return '';
  if (isPlainJson(value)) return `,${JSON.stringify(value)}`;
  refuseUnsendable(value);
  const { json, meta } = serializer.serialize(value);
  const metaText = meta === undefined ? '' : JSON.stringify(meta);
  // superjson spells numbers JSON lacks, except in typed arrays; a replacer is slow, so only where floats stand.
  const text = metaText.includes('Float') ? JSON.stringify(json, spellNumber) : JSON.stringify(json);
  if (text === undefined) throw new UsageError('UNSERIALIZABLE', 'the serializer returned no JSON for a value');
  // A Map is two levels of JSON, and metadata nests too: a peer counts what it reads.
  if (!isNestedWithin(text, MAX_DEPTH) || !isNestedWithin(metaText, MAX_DEPTH)) throw tooDeep();
  return metaText === '' ? `,${text}` : `,${text},${metaText}`;
}

function spellNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return Object.is(value, -0) ? '-0' : String(value);
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
  if (!isSafeMetadata(json, meta)) throw new ProtocolError('MALFORMED', 'metadata does not fit its value');
  try {
    return serializer.deserialize({ json, meta });
  } catch (cause) {
    throw new ProtocolError('MALFORMED', `a value could not be revived: ${String(cause)}`);
  }
}

/** Text that can hold a forbidden key: it names one, or spells one with escapes. */
const suspicious = /__proto__|constructor|prototype|\\u/;

/** Whether `text` needs {@link hasForbiddenKey}; nearly no message does, and a native search says so. */
export function mayHoldForbiddenKey(text: string): boolean {
  return suspicious.test(text);
}

/** Whether any object in a parsed message has an own key of the prototype machinery. Depth is bounded before parsing. */
export function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  for (const key of Object.keys(value)) {
    if (isForbiddenKey(key) || hasForbiddenKey((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}
