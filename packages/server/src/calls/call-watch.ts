import type { IncomingCall, ProcedureKind } from '@typewire/core/internal';
import type { Caller } from '../caller.ts';
import { isPromiseLike } from '../promise.ts';
import type { ProcedureRoute } from '../routes.ts';

/** What became of a call, as `onCall` is told. */
export interface CallEvent {
  readonly path: string;
  readonly kind: ProcedureKind;
  /** From the moment the call was read until its handler had stopped; for a stream, all of it. */
  readonly durationMs: number;
  /**
   * `null` when it succeeded, else the code it failed with: what the caller was told, or `'ABORTED'` when the caller
   * gave it up and `'DISCONNECTED'` when its session ended.
   */
  readonly code: string | null;
  readonly caller: Caller;
  /** The same as its handler got. */
  readonly requestId: string;
}

/** A hook that harms nobody: what it throws, or rejects with, goes to `report`. */
export function guardCallHook(
  hook: (event: CallEvent) => void,
  report: (error: unknown, event: CallEvent) => void,
): (event: CallEvent) => void {
  return (event) => {
    try {
      // Declared to return nothing, but a hook may well be asynchronous.
      const outcome: unknown = hook(event);
      if (isPromiseLike(outcome)) Promise.resolve(outcome).catch((error: unknown) => report(error, event));
    } catch (error) {
      report(error, event);
    }
  };
}

/** Measures the calls of one session. Made only where somebody wants to know. */
export class CallWatch {
  readonly #now: () => number;
  readonly #tell: (event: CallEvent) => void;
  /** Who made a call is kept: its session may become somebody else's while it runs. */
  readonly #started: Map<IncomingCall, { readonly at: number; readonly caller: Caller }> = new Map();

  constructor(now: () => number, tell: (event: CallEvent) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  started(call: IncomingCall, caller: Caller): void {
    this.#started.set(call, { at: this.#now(), caller });
  }

  ended({ path, kind }: ProcedureRoute, call: IncomingCall, code: string | null): void {
    const started = this.#started.get(call);
    if (started === undefined) return;
    this.#started.delete(call);
    const { at, caller } = started;
    const durationMs = this.#now() - at;
    const requestId = `${caller.session}.${call.id}`;
    this.#tell({ path, kind, durationMs, code: codeOfAbort(call) ?? code, caller, requestId });
  }
}

function codeOfAbort(call: IncomingCall): string | null {
  switch (call.abortReason) {
    case null:
      return null;
    case 'timeout':
      return 'TIMEOUT';
    case 'cancelled':
      return 'ABORTED';
    case 'disconnected':
      return 'DISCONNECTED';
  }
}
