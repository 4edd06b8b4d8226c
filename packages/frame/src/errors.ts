import { CloseCode } from './close-code.ts';

/** How the peer broke RFC 6455 or one of our limits; one code, one meaning. */
export type FrameErrorCode =
  /** An opcode that §5.2 reserves. */
  | 'UNKNOWN_OPCODE'
  /** RSV2 or RSV3 is set, or RSV1 where no compressed message begins, or though compression was not agreed on. */
  | 'RESERVED_BIT'
  /** A length that fits fewer bytes than were used for it. */
  | 'NON_MINIMAL_LENGTH'
  /** A frame, or the message it belongs to, is above `maxMessageBytes` (inflated, too) or above 2^53 - 1 bytes. */
  | 'PAYLOAD_TOO_BIG'
  /** A client sent an unmasked frame. */
  | 'MASK_MISSING'
  /** A server sent a masked frame. */
  | 'MASK_FORBIDDEN'
  /** A control frame without the FIN bit. */
  | 'FRAGMENTED_CONTROL'
  /** A control frame with more than 125 bytes. */
  | 'CONTROL_TOO_LONG'
  /** A continuation frame although no message is open. */
  | 'UNEXPECTED_CONTINUATION'
  /** A new message although the last one is not finished. */
  | 'MESSAGE_INTERRUPTED'
  /** A text message or close reason that is not UTF-8. */
  | 'INVALID_UTF8'
  /** A compressed message whose bytes are not DEFLATE, or end too early. */
  | 'INVALID_DEFLATE'
  /** A Close frame with one byte of payload, half a code. */
  | 'BAD_CLOSE_PAYLOAD'
  /** A Close frame with a code that must not be sent. */
  | 'BAD_CLOSE_CODE'
  /** A message in more than `maxFragments` frames. */
  | 'TOO_MANY_FRAGMENTS'
  /** More than `maxControlFrames` pings and pongs within `controlWindowMs`. */
  | 'TOO_MANY_CONTROL_FRAMES'
  /** A message was begun and not completed within `messageTimeoutMs`. */
  | 'MESSAGE_TIMEOUT'
  /** The closing handshake was not completed within `closeTimeoutMs`. */
  | 'CLOSE_TIMEOUT'
  /** Too much waits for the peer (`maxBufferedBytes`, `maxStalledBytes`), or it took nothing for `stallTimeoutMs`. */
  | 'TOO_SLOW'
  /** Reading failed for a reason that is not the peer's, such as memory that could not be had; see `cause`. */
  | 'INTERNAL';

const closeCodes: Readonly<Record<FrameErrorCode, number>> = {
  UNKNOWN_OPCODE: CloseCode.ProtocolError,
  RESERVED_BIT: CloseCode.ProtocolError,
  NON_MINIMAL_LENGTH: CloseCode.ProtocolError,
  PAYLOAD_TOO_BIG: CloseCode.TooBig,
  MASK_MISSING: CloseCode.ProtocolError,
  MASK_FORBIDDEN: CloseCode.ProtocolError,
  FRAGMENTED_CONTROL: CloseCode.ProtocolError,
  CONTROL_TOO_LONG: CloseCode.ProtocolError,
  UNEXPECTED_CONTINUATION: CloseCode.ProtocolError,
  MESSAGE_INTERRUPTED: CloseCode.ProtocolError,
  INVALID_UTF8: CloseCode.InvalidPayload,
  INVALID_DEFLATE: CloseCode.InvalidPayload,
  BAD_CLOSE_PAYLOAD: CloseCode.ProtocolError,
  BAD_CLOSE_CODE: CloseCode.ProtocolError,
  TOO_MANY_FRAGMENTS: CloseCode.PolicyViolation,
  TOO_MANY_CONTROL_FRAMES: CloseCode.PolicyViolation,
  MESSAGE_TIMEOUT: CloseCode.PolicyViolation,
  CLOSE_TIMEOUT: CloseCode.Abnormal,
  TOO_SLOW: CloseCode.TooSlow,
  INTERNAL: CloseCode.InternalError,
};

/** The peer broke RFC 6455 or one of our limits. Switch on `code`: `message` is for people and may change. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** What the connection is closed with; the peer learns no more than this. */
  get closeCode(): number {
    return closeCodes[this.code];
  }
}

/** Use this, not `instanceof FrameError`, which fails when two copies of the package are installed. */
export function isFrameError(value: unknown): value is FrameError {
  return value instanceof Error && value.name === 'FrameError';
}
