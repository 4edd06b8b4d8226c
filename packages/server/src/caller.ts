/** The connection a call came in on, as handlers and rules see it. */
export interface Caller {
  /** Unguessable id of the session. */
  readonly session: string;
  /** Who it is, as `authenticate` said; `null` when it named nobody. */
  readonly subject: string | null;
  /** Address of the other end of the socket, where the adapter knows it. */
  readonly remoteAddress: string | null;
}
