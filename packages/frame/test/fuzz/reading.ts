import { type HandshakeError, type HandshakeResult, type HeadOutcome, isHandshakeError } from '@typewire/frame';

/** What a head was read as, and what stood behind it, one character for each byte. */
export type Reading<Value> =
  | { readonly type: 'read'; readonly value: Value; readonly rest: string }
  | { readonly type: 'refused'; readonly error: HandshakeError }
  | { readonly type: 'incomplete' };

/** Whatever was read as a head ends each of its lines with CRLF, and none of them with anything else. */
export function checkLines(input: Uint8Array, rest: string): void {
  const head = Buffer.from(input)
    .subarray(0, input.length - rest.length)
    .toString('latin1');
  if (!/^(?:[^\r\n]+\r\n)+\r\n$/.test(head) || head.includes('\0')) throw new Error('lines that are none');
}

/** Reads one head from chunks; `judge` says what it is worth. */
export function readHead<Head, Value>(
  parser: { push(chunk: Uint8Array): HeadOutcome<Head> | null },
  chunks: readonly Uint8Array[],
  judge: (head: Head) => HandshakeResult<Value>,
): Reading<Value> {
  for (const [index, chunk] of chunks.entries()) {
    const outcome = parser.push(chunk);
    if (outcome === null) continue;
    if (outcome.type === 'refused') return checked(outcome.error);
    const result = judge(outcome.head);
    if (!result.ok) return checked(result.error);
    const rest = Buffer.concat([outcome.rest, ...chunks.slice(index + 1)]).toString('latin1');
    return { type: 'read', value: result.value, rest };
  }
  return { type: 'incomplete' };
}

function checked(error: HandshakeError): { type: 'refused'; error: HandshakeError } {
  if (!isHandshakeError(error)) throw error;
  return { type: 'refused', error };
}

export function describeReading(reading: Reading<unknown>): string {
  if (reading.type === 'incomplete') return 'incomplete';
  if (reading.type === 'refused') return `${reading.error.code} ${reading.error.status} ${reading.error.message}`;
  return JSON.stringify([reading.value, reading.rest], (_, value) => (value instanceof Map ? [...value] : value));
}

/** Longer inputs are made of short ones. */
export function isShort(bytes: Uint8Array): boolean {
  return bytes.length <= 1_000;
}
