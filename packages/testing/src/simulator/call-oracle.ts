import { isCallError } from '@typewire/core';
import type { Judge } from './judge.ts';

/** An idempotent mutation may run once on each server: what they know of keys is in their own memory. */
export type CallKind = 'mutation' | 'idempotent mutation' | 'query' | 'publish' | 'idempotent publish';

interface CallRecord {
  readonly kind: CallKind;
  readonly runs: string[];
  readonly servers: string[];
  /** Runs of which the log knows nothing any more. */
  lost: number;
  outcome: 'resolved' | 'answered' | 'unknown' | 'not-sent' | null;
}

/**
 * Every call has one outcome. What is not safe to repeat runs at most once; what resolved ran, with that result; what
 * was never sent did not run.
 */
export class CallOracle {
  readonly #judge: Judge;
  readonly #calls: Map<string, CallRecord> = new Map();
  /** Handlers that run, by key and server. */
  readonly #running: Map<string, Set<string>> = new Map();
  #open = 0;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Calls without an outcome. */
  get open(): number {
    return this.#open;
  }

  made(key: string, kind: CallKind): void {
    this.#calls.set(key, { kind, runs: [], servers: [], lost: 0, outcome: null });
    this.#open++;
  }

  /** A handler does what it was called for, on `server`. Returns what it must answer. */
  ran(key: string, server: string): string {
    const call = this.#call(key);
    const result = `${key} run ${call.runs.length + 1} on ${server}`;
    call.runs.push(result);
    const isRepeat =
      call.kind === 'idempotent mutation' ? call.servers.includes(server) : call.runs.length - call.lost > 1;
    call.servers.push(server);
    if (call.kind !== 'query' && isRepeat) this.#complain(`${key} ran twice: ${call.runs.join(', ')}`);
    if (call.outcome === 'not-sent') this.#complain(`${key} ran, although it was never sent`);
    if (isPublication(call) && call.outcome === 'answered') this.#complain(`${key} ran, although it was refused`);
    return result;
  }

  /** The broker has lost an event with its key: the repeat of a publication writes it again. */
  lost(key: string): void {
    const call = this.#call(key);
    if (call.kind === 'idempotent publish') call.lost++;
  }

  /** `result` is `null` where there is none: it ran, then, however it did. */
  resolved(key: string, result: string | null): void {
    const call = this.#settle(key, 'resolved');
    if (result === null ? call.runs.length === 0 : !call.runs.includes(result)) {
      this.#complain(`${key} resolved with ${result}, which no run of it answered: ${call.runs.join(', ')}`);
    }
  }

  rejected(key: string, error: unknown): void {
    if (!isCallError(error)) return this.#complain(`${key} rejected with no CallError: ${String(error)}`);
    const call = this.#settle(key, error.delivery);
    if (error.delivery === 'not-sent' && call.runs.length > 0) {
      this.#complain(`${key} was not sent, it says (${error.code}), and ran: ${call.runs.join(', ')}`);
    }
    if (isPublication(call) && error.delivery === 'answered' && call.runs.length > 0) {
      this.#complain(`${key} was refused, it says (${error.code}), and is in the log`);
    }
  }

  /** The one who called is gone for good, and was told nothing. */
  forgotten(key: string): void {
    if (this.#call(key).outcome === null) this.#settle(key, 'unknown');
  }

  entered(key: string, server: string): void {
    const keys = this.#running.get(server) ?? new Set();
    this.#running.set(server, keys.add(key));
  }

  left(key: string, server: string): void {
    this.#running.get(server)?.delete(key);
  }

  /** The server's memory is gone. */
  crashed(server: string): void {
    this.#running.delete(server);
  }

  /** Handlers that run, each as `key on server`. */
  get running(): readonly string[] {
    return [...this.#running].flatMap(([server, keys]) => [...keys].map((key) => `${key} on ${server}`));
  }

  get unsettled(): readonly string[] {
    return [...this.#calls].filter(([, { outcome }]) => outcome === null).map(([key]) => key);
  }

  #settle(key: string, outcome: NonNullable<CallRecord['outcome']>): CallRecord {
    const call = this.#call(key);
    if (call.outcome !== null) this.#complain(`${key} has two outcomes: ${call.outcome} and ${outcome}`);
    else this.#open--;
    call.outcome = outcome;
    return call;
  }

  #call(key: string): CallRecord {
    const call = this.#calls.get(key);
    if (call === undefined) throw new Error(`the simulation has made no call ${key}`);
    return call;
  }

  #complain(text: string): void {
    this.#judge.complain('calls', text);
  }
}

function isPublication({ kind }: CallRecord): boolean {
  return kind === 'publish' || kind === 'idempotent publish';
}
