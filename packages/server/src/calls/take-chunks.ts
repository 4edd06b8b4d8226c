import {
  encodeGrant,
  encodeStop,
  type IncomingCall,
  type Schema,
  type StreamReader,
  type Validated,
  validate,
} from '@typewire/core/internal';
import { CheckedItems } from '../checked-items.ts';
import { invalidInput } from '../failure.ts';
import { toCount } from '../read-options.ts';

/** Asks the caller for its chunks, `window` at most ahead of who reads them. protocol: "Upload". */
export function takeChunks(call: IncomingCall, window: number, send: (text: string) => void): StreamReader<unknown> {
  return call.take(
    toCount(window),
    (count) => send(encodeGrant(call.id, count)),
    () => send(encodeStop(call.id)),
  );
}

/**
 * The chunks as their schema makes them. Leaving the loop tells the caller to stop.
 *
 * @throws {Failure} `INVALID_INPUT`, in the loop, for a chunk that does not pass.
 */
export function checkChunks(chunks: StreamReader<unknown>, schema: Schema): CheckedItems {
  return new CheckedItems(
    async () => chunks,
    async (chunk) => {
      const checked: Validated<unknown> = await validate(schema, chunk);
      if (checked.issues !== undefined) throw invalidInput('a chunk is not valid', checked.issues);
      return checked.value;
    },
  );
}
