import { utf8Bytes } from './utf8-length.ts';

/** Most bytes of UTF-8 in the reason of a close frame: 125 for a control frame, less two for the code. RFC 6455 §5.5. */
const MAX_REASON_BYTES = 123;

/** The longest beginning of `reason` that fits into a close frame, cut between code points. */
export function cutReason(reason: string): string {
  let bytes = 0;
  let end = 0;
  for (const char of reason) {
    bytes += utf8Bytes(char);
    if (bytes > MAX_REASON_BYTES) break;
    end += char.length;
  }
  return reason.slice(0, end);
}
