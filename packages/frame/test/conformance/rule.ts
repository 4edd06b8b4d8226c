import type { ConnectionLimits, Role } from '../../src/connection-options.ts';
import type { FrameErrorCode } from '../../src/errors.ts';
import type { Payload } from './payload.ts';

/** A frame as a peer sends it, legal or not. */
export interface PeerFrame {
  readonly opcode: number;
  /** @default true */
  readonly fin?: boolean;
  /** RSV1–RSV3 as a number from 0 to 7. @default 0 */
  readonly rsv?: number;
  /** @default nothing */
  readonly payload?: Payload;
  /** The length that the header tells, where it is not that of the payload. */
  readonly announcedBytes?: bigint;
  /** In how many bytes of its own the length is written; 0 is within the second byte. @default as few as it fits */
  readonly lengthBytes?: 0 | 2 | 8;
  /** The masking key of a client's frame, its first byte the lowest. @default 0x01020304 */
  readonly maskKey?: number;
  /** Masked by a server, not masked by a client. @default false */
  readonly wronglyMasked?: boolean;
}

/** A frame of ours; all of them are final, with nothing reserved. */
export interface OwnFrame {
  readonly opcode: number;
  readonly payload: Payload;
}

/** What becomes of the connection when all of the input was read. */
export type RuleEnd =
  | { readonly type: 'open' }
  /** The peer's Close frame is answered with the same code and reason; `null` is an empty one. */
  | { readonly type: 'closed'; readonly code: number | null; readonly reason: Payload }
  /** The connection is failed: a Close frame with `code` and no reason, and nothing else is read. */
  | {
      readonly type: 'failed';
      readonly code: number;
      readonly error: FrameErrorCode;
      /**
       * The last byte that may be read before the failure: the header of that frame, or this byte of its payload. It
       * must not come before that byte either. Without it the end of the input is early enough.
       */
      readonly at?: { readonly frame: number; readonly payloadByte?: number };
    };

/** One rule of RFC 6455: what a peer sends to an endpoint that echoes each message, and what has to come back. */
export interface Rule {
  /** Group and name, unique. */
  readonly id: string;
  /** Section of RFC 6455. */
  readonly section: string;
  /** A sentence. */
  readonly title: string;
  /** Which role is played by us. @default both */
  readonly roles?: readonly Role[];
  readonly input: readonly PeerFrame[];
  /** What comes back, without the Close frame at the end. */
  readonly output: readonly OwnFrame[];
  readonly end: RuleEnd;
  /** In place of the generous limits of the echo. */
  readonly limits?: Partial<ConnectionLimits>;
  /** Sizes of the chunks in which long input is sent. @default whole, frame by frame and, if it is short, byte by byte */
  readonly chunkBytes?: readonly number[];
}
