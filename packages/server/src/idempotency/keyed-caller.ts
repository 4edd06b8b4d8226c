import type { EncodedMessage, IncomingCalls } from '@typewire/core/internal';
import type { Callees } from '../callees/callees.ts';
import type { Caller } from '../caller.ts';

/** A session as mutations with an idempotency key see it. */
export interface KeyedCaller {
  readonly caller: Caller;
  /** What its client calls itself in each of its sessions; `null` for one that does not. */
  readonly client: string | null;
  /** What handlers call of it; a run calls the session it began on. */
  readonly callees: Callees | null;
  readonly calls: IncomingCalls;
  readonly context: unknown;
  send(message: EncodedMessage): void;
  /** A call has its outcome. */
  finished(): void;
}
