import { utf8Length } from '../utf8-length.ts';
import type { EncodedMessage } from './binary.ts';

/**
 * Why a message is above the `maxMessageBytes` that the server takes; `null` for one that is not. The server would close the
 * connection over it, with everything else that is under way.
 */
export function excessOf(message: EncodedMessage, maxMessageBytes: number): string | null {
  // Counts only what is close: a UTF-16 unit takes one to three bytes.
  if (message.length * 3 <= maxMessageBytes) return null;
  const bytes = typeof message === 'string' ? utf8Length(message) : message.length;
  if (bytes <= maxMessageBytes) return null;
  return `the message takes ${bytes} bytes, above the server's limits.maxMessageBytes of ${maxMessageBytes}`;
}
