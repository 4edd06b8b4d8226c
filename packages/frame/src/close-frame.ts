import { CloseCode, isWireCloseCode } from './close-code.ts';
import { FrameError } from './errors.ts';
import type { TextOps } from './text-ops.ts';
import { UsageError } from './usage-error.ts';
import { cutToBytes } from './utf8.ts';

/** §5.5 leaves 125 bytes to a control frame, the code takes two. */
export const MAX_CLOSE_REASON_BYTES = 123;

/** The content of a Close frame; `code` is `null` when it was empty, and `reason` then is too. */
export interface Close {
  readonly code: number | null;
  readonly reason: string;
}

/** What is reported when the peer's Close frame was empty. §7.1.5 */
export function reportedCode(close: Close): number {
  return close.code ?? CloseCode.NoStatus;
}

/**
 * A Close to send. A reason above {@link MAX_CLOSE_REASON_BYTES} is cut between two code points, never refused.
 *
 * @throws {UsageError} `BAD_OPTION` for a code that must not be sent, a reason without a code, or a reason
 * that is not a string: bytes of another kind once leaked a server's memory to its peers.
 */
export function createClose(code?: number, reason = ''): Close {
  if (typeof reason !== 'string') throw new UsageError('BAD_OPTION', 'a close reason must be a string');
  if (code === undefined) {
    if (reason !== '') throw new UsageError('BAD_OPTION', 'a close reason needs a close code');
    return { code: null, reason: '' };
  }
  if (typeof code !== 'number' || !isWireCloseCode(code)) {
    throw new UsageError('BAD_OPTION', 'a close code must be one of 1000–1003, 1007–1014 or 3000–4999');
  }
  return { code, reason: cutToBytes(reason, MAX_CLOSE_REASON_BYTES) };
}

/** The payload of a Close frame. §5.5.1 */
export function writeClose(close: Close, text: TextOps): Uint8Array {
  if (close.code === null) return new Uint8Array(0);
  const reasonBytes = text.byteLength(close.reason);
  // Encoders may want three bytes for each unit before they begin, so the room is taken first and cut after.
  const payload = new Uint8Array(2 + close.reason.length * 3);
  payload[0] = close.code >>> 8;
  payload[1] = close.code;
  text.write(close.reason, payload, 2);
  return payload.subarray(0, 2 + reasonBytes);
}

/** Reads the payload of a Close frame. @throws {FrameError} if it breaks §5.5.1 or §7.4. */
export function readClose(payload: Uint8Array, text: TextOps): Close {
  if (payload.length === 0) return { code: null, reason: '' };
  if (payload.length === 1) throw new FrameError('BAD_CLOSE_PAYLOAD', 'a close code has two bytes');
  const code = ((payload[0] as number) << 8) | (payload[1] as number);
  if (!isWireCloseCode(code)) throw new FrameError('BAD_CLOSE_CODE', `the close code ${code} must not be sent`);
  if (!text.isUtf8(payload, 2, payload.length)) throw new FrameError('INVALID_UTF8', 'the close reason is not UTF-8');
  return { code, reason: text.decode(payload, 2, payload.length, false) };
}
