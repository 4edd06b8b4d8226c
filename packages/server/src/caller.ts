import type { CalleeApi } from './callees/callee-api.ts';

/** The connection a call came in on, as handlers and rules see it. */
export interface Caller {
  /** Unguessable id of the session. */
  readonly session: string;
  /** Who it is, as `authenticate` said; `null` when it named nobody. */
  readonly subject: string | null;
  /** Address of the other end of the socket, where the adapter knows it. */
  readonly remoteAddress: string | null;
}

/** The callees of a wire that calls nothing of its clients. */
export type NoCallees = Record<never, never>;

/** A caller together with what can be called of it; see `t.caller`. */
export type CallerOf<Callees> = keyof Callees extends never ? Caller : Caller & CalleeApi<Callees>;
