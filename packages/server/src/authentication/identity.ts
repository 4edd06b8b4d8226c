import { CloseCode, UsageError } from '@typewire/core';

/** Who a client is, as `authenticate` said. */
export interface Identity {
  readonly context: unknown;
  readonly subject: string | null;
  /** In the environment's milliseconds; `Infinity` for none. */
  readonly expiresAt: number;
}

/** The client may not be, or not stay, who it says it is. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Two clocks at one moment: `now` counts deadlines, `wallNow` is the time of day. */
export interface Moment {
  readonly now: number;
  readonly wallNow: number;
}

/** Below it, as milliseconds, lies 1973: what is meant are seconds, as in the `exp` of a JWT. */
const LATEST_SECONDS = 100_000_000_000;

/**
 * What `authenticate` returned. A program without types may return anything, and `undefined` must let nobody in.
 *
 * @throws {UsageError} `BAD_OPTION`.
 * @throws {Refused} for an authentication whose time is over.
 */
export function readIdentity(value: unknown, { now, wallNow }: Moment): Identity {
  if (value === null) throw new Refused(CloseCode.NotAuthenticated, 'not authenticated');
  if (typeof value !== 'object' || !('context' in value)) throw unusable('must return { context } or null');
  const { context, subject, expiresAt } = value as { context: unknown; subject?: unknown; expiresAt?: unknown };
  if (subject !== undefined && typeof subject !== 'string')
    throw unusable('must return { context } or null: its subject is not text');
  const left = readExpiry(expiresAt) - wallNow;
  if (left <= 0) throw new Refused(CloseCode.NotAuthenticated, 'the authentication has expired');
  return { context, subject: subject ?? null, expiresAt: now + left };
}

function readExpiry(value: unknown): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time !== 'number' || Number.isNaN(time))
    throw unusable('must return { context } or null: its expiresAt is not a time');
  if (time > 0 && time < LATEST_SECONDS) {
    throw unusable(
      `returned expiresAt: ${time}, which is in 1970: milliseconds are wanted, and a JWT's exp is in seconds`,
    );
  }
  return time;
}

function unusable(what: string): UsageError {
  return new UsageError('BAD_OPTION', `authenticate ${what}`);
}

/** Whether a session may go on for `next`: a visitor may sign in, and nobody inherits what another one began. */
export function mayBecome(subject: string | null, next: string | null): boolean {
  return subject === null || subject === next;
}
