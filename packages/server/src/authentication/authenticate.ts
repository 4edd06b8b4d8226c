import type { Fail } from '../failure.ts';

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
  /** What the client sent as its credentials; `undefined` when it sent nothing. Not validated: treat it as hostile. */
  readonly auth: unknown;
  readonly fail: Fail<Record<never, never>>;
}

/** Who a connection is. */
export interface Authentication<Context> {
  /** Given to every handler and rule of the connection. */
  readonly context: Context;
  /** Id of the user behind it. @default none */
  readonly subject?: string;
  /**
   * Until when that is so: a `Date`, or milliseconds since 1970. Before it the client is asked for fresh credentials,
   * over the connection it has; see the option `authentication`. @default for ever
   */
  readonly expiresAt?: Date | number;
}

/**
 * Decides who a connection is: when it opens, before anything else of it is read, and again whenever its client sends
 * fresh credentials. Return `null` or throw `fail('UNAUTHORIZED')` to refuse it for good (close 4501),
 * `fail('FORBIDDEN')` for 4503. Any other exception closes an opening connection with 1011, after which the client tries
 * again; an open one stays who it was, and the client is asked to try again.
 */
export type Authenticate<Context> = (
  input: AuthenticateInput,
) => Authentication<Context> | null | PromiseLike<Authentication<Context> | null>;
