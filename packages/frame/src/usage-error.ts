/** What our own caller did wrong. */
export type UsageErrorCode =
  /** An option or argument has a value that is not allowed; `message` names it. */
  | 'BAD_OPTION'
  /** The connection is closing or closed; nothing can be sent on it any more. */
  | 'ALREADY_CLOSED';

/** A bug in the program that calls us: thrown synchronously, never retried, never caused by a peer. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: UsageErrorCode;

  constructor(code: UsageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
