import { type EncodedMessage, type EncodedValue, encodeError, encodeResult } from '@typewire/core/internal';

/** What came of a mutation, without the id of the message it answers: `value` and `data` are encoded. */
export type Outcome =
  | { readonly code: null; readonly value: EncodedValue }
  | { readonly code: string; readonly message: string; readonly data: EncodedValue };

export function encodeOutcome(id: number, outcome: Outcome): EncodedMessage {
  if (outcome.code === null) return encodeResult(id, outcome.value);
  return encodeError(id, outcome.code, outcome.message, outcome.data);
}

/** In UTF-16 units, and bytes of what is binary. */
export function sizeOf(outcome: Outcome): number {
  return outcome.code === null ? outcome.value.length : outcome.message.length + outcome.data.length;
}
