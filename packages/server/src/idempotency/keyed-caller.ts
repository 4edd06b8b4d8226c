import type { EncodedMessage, IncomingCalls } from '@typewire/core/internal';
import type { Caller } from '../caller.ts';

/** A session as mutations with an idempotency key see it. */
export interface KeyedCaller {
  readonly caller: Caller;
  /** What its client calls itself in each of its sessions; `null` for one that does not. */
  readonly client: string | null;
  readonly calls: IncomingCalls;
  readonly context: unknown;
  send(message: EncodedMessage): void;
  /** A call has its outcome. */
  finished(): void;
}
