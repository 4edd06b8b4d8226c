import { ProtocolError } from '../errors.ts';

/** A call this end runs for its peer. */
export class IncomingCall {
  readonly id: number;
  /** In the environment's milliseconds; `Infinity` for none. */
  readonly deadline: number;
  /** Set by whoever runs the call, when somebody cares: told once, with the reason. */
  onAbort: ((reason: AbortReason) => void) | null = null;
  /** Set by a stream that waits: more items may leave. */
  onCredit: (() => void) | null = null;
  /** Items that may still be sent. */
  credit: number;
  #abortReason: AbortReason | null = null;

  constructor(id: number, deadline: number, credit: number) {
    this.id = id;
    this.deadline = deadline;
    this.credit = credit;
  }

  get abortReason(): AbortReason | null {
    return this.#abortReason;
  }

  abort(reason: AbortReason): void {
    if (this.#abortReason !== null) return;
    this.#abortReason = reason;
    this.onAbort?.(reason);
  }
}

/** Why nobody waits for a call any more. */
export type AbortReason = 'cancelled' | 'timeout' | 'disconnected';

/**
 * The calls this end is running for its peer. An id is taken once and in rising order, so that a duplicate is refused
 * before anything runs. protocol: "Decisions", 6.
 */
export class IncomingCalls {
  readonly #calls: Map<number, IncomingCall> = new Map();
  #lastId = 0;
  #deadline = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#calls.size;
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

  /** @throws {ProtocolError} as `takeId`. */
  begin(id: number, timeoutMs: number, credit: number, now: number): IncomingCall {
    this.takeId(id);
    const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : now + timeoutMs;
    const call = new IncomingCall(id, deadline, credit);
    this.#calls.set(id, call);
    if (deadline < this.#deadline) this.#deadline = deadline;
    return call;
  }

  /** The call has been answered, or needs no answer. */
  finish(call: IncomingCall): void {
    this.#calls.delete(call.id);
  }

  /** The peer no longer waits. A call that has already been answered crossed its cancel: nothing happens. */
  cancel(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    call.abort('cancelled');
  }

  addCredit(id: number, credit: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    call.credit = Math.min(call.credit + credit, Number.MAX_SAFE_INTEGER);
    call.onCredit?.();
  }

  tick(now: number): void {
    if (now < this.#deadline) return;
    this.#deadline = Number.POSITIVE_INFINITY;
    for (const call of [...this.#calls.values()]) {
      if (call.deadline <= now) {
        this.#calls.delete(call.id);
        call.abort('timeout');
      } else if (call.deadline < this.#deadline) this.#deadline = call.deadline;
    }
  }

  /** The session is gone: aborts everything that still runs. */
  abortAll(): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.abort('disconnected');
  }
}
