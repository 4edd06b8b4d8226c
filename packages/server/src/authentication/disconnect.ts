import { CloseCode, UsageError } from '@typewire/core';
import { cutReason, isResumableClose } from '@typewire/core/internal';

/** Whose sessions: all of a subject, or one. */
export type SessionTarget =
  | { readonly subject: string; readonly session?: never }
  | { readonly session: string; readonly subject?: never };

export interface DisconnectOptions {
  /** Close code, from 4000 to 4999; clients come back by themselves after one below 4500. @default 4501 */
  readonly code?: number;
  /** For people; cut to 123 bytes of UTF-8. @default 'disconnected by the server' */
  readonly reason?: string;
}

/** @throws {UsageError} `BAD_OPTION` unless it names one subject or one session. */
export function readTarget(who: SessionTarget): SessionTarget {
  const { subject, session } = who as { readonly subject?: unknown; readonly session?: unknown };
  // `{ subject: undefined }` must not disconnect everybody who has none.
  if ((typeof subject === 'string') !== (typeof session === 'string')) return who;
  throw new UsageError('BAD_OPTION', 'name a subject or a session by its id: { subject } or { session }');
}

/** @throws {UsageError} `BAD_OPTION`. */
export function readDisconnect({
  code = CloseCode.NotAuthenticated,
  reason = 'disconnected by the server',
}: DisconnectOptions): Required<DisconnectOptions> {
  if (!Number.isInteger(code) || code < 4000 || code > 4999 || isResumableClose(code)) {
    throw new UsageError('BAD_OPTION', `code must be from 4000 to 4999 and not one of a lost connection: ${code}`);
  }
  if (typeof reason !== 'string') throw new UsageError('BAD_OPTION', 'reason must be text');
  return { code, reason: cutReason(reason) };
}
