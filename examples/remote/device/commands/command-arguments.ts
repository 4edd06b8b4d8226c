import type { Journal } from '../journal.ts';

/** What a command is given besides its own arguments. */
export interface CommandArguments {
  /** Fires when nobody waits for more: the operator has cancelled, or has gone. */
  readonly signal: AbortSignal;
  readonly journal: Journal;
  /** Makes the failure for something that is not there. */
  notFound(what: string): Error;
}
