import { ProtocolError } from '../errors.ts';
import type { IncomingCall } from './incoming-call.ts';

/**
 * The calls this end is running for its peer. An id is taken once and in rising order, so that a duplicate is refused
 * before anything runs. A call that was aborted still runs, and counts, until whoever runs it says that it is over:
 * otherwise a peer that calls and cancels, again and again, would have any number of them running. protocol: "Ids".
 */
export class IncomingCalls {
  readonly #calls: Map<number, IncomingCall> = new Map();
  /** The last one that began, until something else is looked at: most are answered by then, and never enter the map. */
  #fresh: IncomingCall | null = null;
  #streams = 0;
  #uploads = 0;
  #plain = 0;
  #lastId = 0;
  #deadline = Number.POSITIVE_INFINITY;

  /** Calls of every kind that run. */
  get size(): number {
    return this.#all.size;
  }

  /** Those of them that are answered with items. */
  get streams(): number {
    return this.#streams;
  }

  /** Those of them whose caller sends chunks. */
  get uploads(): number {
    return this.#uploads;
  }

  /** Those of them that need nothing more of their caller. */
  get plain(): number {
    return this.#plain;
  }

  find(id: number): IncomingCall | undefined {
    return this.#all.get(id);
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

  /** Runs what begins a request whose id was taken when it arrived. */
  beginLate(id: number, begin: () => void): void {
    const lastId = this.#lastId;
    this.#lastId = id - 1;
    try {
      begin();
    } finally {
      this.#lastId = lastId;
    }
  }

  /** @throws {ProtocolError} as `takeId`. */
  begin(call: IncomingCall): void {
    this.takeId(call.id);
    if (this.#fresh !== null) this.#calls.set(this.#fresh.id, this.#fresh);
    this.#fresh = call;
    this.#count(call, 1);
    if (call.deadline < this.#deadline) this.#deadline = call.deadline;
  }

  /** The call has been answered, or needs no answer: nothing of it runs any more. */
  finish(call: IncomingCall): void {
    if (this.#fresh === call) this.#fresh = null;
    else if (!this.#calls.delete(call.id)) return;
    this.#count(call, -1);
    call.finishChunks(null);
  }

  /** The peer no longer waits. A call that has already been answered crossed its cancel: nothing happens. */
  cancel(id: number): void {
    this.#all.get(id)?.abort('cancelled');
  }

  addCredit(id: number, credit: number): void {
    const call = this.#all.get(id);
    if (call === undefined || !call.isStream) return;
    call.credit = Math.min(call.credit + credit, Number.MAX_SAFE_INTEGER);
    call.onCredit?.();
  }

  tick(now: number): void {
    if (now < this.#deadline) return;
    this.#deadline = Number.POSITIVE_INFINITY;
    for (const call of [...this.#all.values()]) {
      if (call.abortReason !== null) continue;
      if (call.deadline <= now) call.abort('timeout');
      else if (call.deadline < this.#deadline) this.#deadline = call.deadline;
    }
  }

  /** The session is gone: aborts everything that still runs. */
  abortAll(): void {
    for (const call of [...this.#all.values()]) call.abort('disconnected');
  }

  get #all(): ReadonlyMap<number, IncomingCall> {
    if (this.#fresh !== null) this.#calls.set(this.#fresh.id, this.#fresh);
    this.#fresh = null;
    return this.#calls;
  }

  #count(call: IncomingCall, change: number): void {
    if (call.isStream) this.#streams += change;
    if (call.isUpload) this.#uploads += change;
    if (!call.isStream && !call.isUpload) this.#plain += change;
  }
}
