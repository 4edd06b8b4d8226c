import { ProtocolError } from '../errors.ts';

/** A call this end runs for its peer. */
export class IncomingCall {
  readonly id: number;
  /** In the environment's milliseconds; `Infinity` for none. */
  readonly deadline: number;
  readonly isStream: boolean;
  /** Set by a stream that waits: more items may leave. */
  onCredit: (() => void) | null = null;
  /** Items that may still be sent. */
  credit: number;
  #abortReason: AbortReason | null = null;
  /** Those who care; most calls have none, and then there is no list. */
  #onAbort: Array<(reason: AbortReason) => void> | null = null;

  /** `credit` is `null` for a call that is not a stream. */
  constructor(id: number, deadline: number, credit: number | null) {
    this.id = id;
    this.deadline = deadline;
    this.isStream = credit !== null;
    this.credit = credit ?? 0;
  }

  get abortReason(): AbortReason | null {
    return this.#abortReason;
  }

  /** Tells `listener` once, with the reason, unless the call is aborted already. The returned function takes it back. */
  whenAborted(listener: (reason: AbortReason) => void): () => void {
    this.#onAbort ??= [];
    this.#onAbort.push(listener);
    return () => {
      this.#onAbort = this.#onAbort?.filter((other) => other !== listener) ?? null;
    };
  }

  abort(reason: AbortReason): void {
    if (this.#abortReason !== null) return;
    this.#abortReason = reason;
    const listeners = this.#onAbort ?? [];
    this.#onAbort = null;
    for (const listener of listeners) listener(reason);
  }
}

/** Why nobody waits for a call any more. */
export type AbortReason = 'cancelled' | 'timeout' | 'disconnected';

/**
 * The calls this end is running for its peer. An id is taken once and in rising order, so that a duplicate is refused
 * before anything runs. A call that was aborted still runs, and counts, until whoever runs it says that it is over:
 * otherwise a peer that calls and cancels, again and again, would have any number of them running. protocol: "Ids".
 */
export class IncomingCalls {
  readonly #calls: Map<number, IncomingCall> = new Map();
  #streams = 0;
  #lastId = 0;
  #deadline = Number.POSITIVE_INFINITY;

  /** Calls and streams that run. */
  get size(): number {
    return this.#calls.size;
  }

  /** Streams among them. */
  get streams(): number {
    return this.#streams;
  }

  /** When `tick` is next due. May be early after a call has finished, never late. */
  get deadline(): number {
    return this.#deadline;
  }

  /**
   * Takes an id without a call behind it: for requests that are answered and cannot be cancelled.
   *
   * @throws {ProtocolError} when it is not above every id before it.
   */
  takeId(id: number): void {
    if (id <= this.#lastId)
      throw new ProtocolError('MALFORMED', `call ${id} after call ${this.#lastId}: ids only rise`);
    this.#lastId = id;
  }

  /**
   * `credit` is `null` for a call that is not a stream.
   *
   * @throws {ProtocolError} as `takeId`.
   */
  begin(id: number, timeoutMs: number, credit: number | null, now: number): IncomingCall {
    this.takeId(id);
    const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : now + timeoutMs;
    const call = new IncomingCall(id, deadline, credit);
    this.#calls.set(id, call);
    if (call.isStream) this.#streams++;
    if (deadline < this.#deadline) this.#deadline = deadline;
    return call;
  }

  /** The call has been answered, or needs no answer: nothing of it runs any more. */
  finish(call: IncomingCall): void {
    if (this.#calls.delete(call.id) && call.isStream) this.#streams--;
  }

  /** The peer no longer waits. A call that has already been answered crossed its cancel: nothing happens. */
  cancel(id: number): void {
    this.#calls.get(id)?.abort('cancelled');
  }

  addCredit(id: number, credit: number): void {
    const call = this.#calls.get(id);
    if (call === undefined || !call.isStream) return;
    call.credit = Math.min(call.credit + credit, Number.MAX_SAFE_INTEGER);
    call.onCredit?.();
  }

  tick(now: number): void {
    if (now < this.#deadline) return;
    this.#deadline = Number.POSITIVE_INFINITY;
    for (const call of [...this.#calls.values()]) {
      if (call.abortReason !== null) continue;
      if (call.deadline <= now) call.abort('timeout');
      else if (call.deadline < this.#deadline) this.#deadline = call.deadline;
    }
  }

  /** The session is gone: aborts everything that still runs. */
  abortAll(): void {
    for (const call of [...this.#calls.values()]) call.abort('disconnected');
  }
}
