import type { Fail } from './failure.ts';

/** The request a connection was opened with, as far as an adapter knows it. */
export interface ConnectRequest {
  /** Path and query as sent; no credentials belong in it. */
  readonly url: string;
  /** Values by lower-case name, one for each line of the header. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly remoteAddress: string | null;
}

export interface AuthenticateInput {
  readonly request: ConnectRequest;
  /** What the client sent in its first message; `undefined` when it sent nothing. Not validated: treat it as hostile. */
  readonly auth: unknown;
  readonly fail: Fail<Record<never, never>>;
}

/** Who a connection is. */
export interface Authentication<Context> {
  /** Given to every handler and rule of the connection. */
  readonly context: Context;
  /** Id of the user behind it. @default none */
  readonly subject?: string;
}

/**
 * Decides who a connection is, once, before anything else of it is read. Return `null` or throw
 * `fail('UNAUTHORIZED')` to refuse it for good (close 4501), `fail('FORBIDDEN')` for 4503. Any other exception closes
 * with 1011, after which the client tries again.
 */
export type Authenticate<Context> = (
  input: AuthenticateInput,
) => Authentication<Context> | null | PromiseLike<Authentication<Context> | null>;
