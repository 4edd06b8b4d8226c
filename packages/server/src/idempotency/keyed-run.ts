import type { Serializer } from '@typewire/core';
import { encodeValue } from '@typewire/core/internal';
import { IncomingCall } from '@typewire/core/internal/callee';
import type { Caller } from '../caller.ts';
import type { CallHost } from '../calls/call-arguments.ts';
import { internalText } from '../calls/call-runner.ts';
import { checkFailureData } from '../calls/failure-data.ts';
import { refuseFailure, runProcedure } from '../calls/run-procedure.ts';
import { Failure } from '../failure.ts';
import type { ProcedureRoute } from '../routes.ts';
import type { KeyedCaller } from './keyed-caller.ts';
import { encodeOutcome, type Outcome } from './outcome.ts';
import type { Owner } from './owner.ts';

/** What a run needs of the wire. */
export interface RunHost {
  readonly environment: CallHost['environment'];
  readonly serializer: Serializer;
  readonly publish: CallHost['publish'];
  /** How long it goes on at most for somebody who was lost. */
  readonly keepMs: number;
  report(error: unknown, path: string | null, caller: Caller | null): string;
  /** Nobody waits for it, and some whose sessions were lost may come back, until `run.orphanedUntil`. */
  orphaned(run: KeyedRun): void;
  /** Somebody waits for it again. */
  adopted(run: KeyedRun): void;
  /** The handler has stopped, with `outcome`. `kept` is what repeats are told; `null` when the call may run again. */
  over(run: KeyedRun, outcome: Outcome, kept: Outcome | null): void;
}

/** What repeats are told of a handler that was told to stop, and failed for it. */
const stopped: Outcome = {
  code: 'RESULT_GONE',
  message: 'the call was given up while its handler ran: how far that came is not known',
  data: '',
};

const timedOut: Outcome = { code: 'TIMEOUT', message: 'the handler did not finish within the time given', data: '' };

export interface KeyedRunOptions {
  /** Owner, path and key in one. */
  readonly name: string;
  readonly owner: Owner;
  /** Of its input. */
  readonly fingerprint: string;
  readonly route: ProcedureRoute;
  /** Of the first call: what the handler is told. */
  readonly id: number;
  readonly caller: Caller;
  readonly callees: CallHost['callees'];
}

/**
 * One execution of a mutation with an idempotency key. It belongs to its key rather than to a session: whoever repeats
 * the call while it runs waits for the same outcome, and a session that is lost does not stop it.
 */
export class KeyedRun implements CallHost {
  readonly name: string;
  readonly owner: Owner;
  readonly fingerprint: string;
  readonly route: ProcedureRoute;
  /** What the handler belongs to. */
  readonly call: IncomingCall;
  readonly caller: Caller;
  readonly environment: CallHost['environment'];
  readonly publish: CallHost['publish'];
  readonly callees: CallHost['callees'];
  /** Uploads have no keys. */
  readonly limits: CallHost['limits'] = { uploadWindow: 0 };
  readonly #host: RunHost;
  readonly #startedAt: number;
  /** Calls that count for their sessions until the handler has stopped. */
  readonly #calls: Map<IncomingCall, KeyedCaller> = new Map();
  /** Those of them that somebody still waits for. */
  readonly #waiting: Set<IncomingCall> = new Set();
  /** Those whose sessions were lost, and until when their callers may be back for the outcome. */
  readonly #lost: Map<IncomingCall, number> = new Map();
  #began = false;

  constructor(host: RunHost, options: KeyedRunOptions) {
    this.#host = host;
    this.name = options.name;
    this.owner = options.owner;
    this.fingerprint = options.fingerprint;
    this.route = options.route;
    this.caller = options.caller;
    this.callees = options.callees;
    this.environment = host.environment;
    this.publish = host.publish;
    this.#startedAt = host.environment.now();
    this.call = new IncomingCall(options.id, this.#startedAt, null, false);
  }

  /** Who began it, and who has repeated it, as they are now: a visitor may have signed in. */
  get callers(): readonly Caller[] {
    return [this.caller, ...[...this.#calls.values()].map(({ caller }) => caller)];
  }

  /** When it is told to stop, while it is an orphan. */
  get orphanedUntil(): number {
    let until = Number.NEGATIVE_INFINITY;
    for (const one of this.#lost.values()) until = Math.max(until, one);
    return until;
  }

  /** A call waits for the outcome, for at most `timeoutMs`; 0 for as long as it takes. */
  join(caller: KeyedCaller, id: number, timeoutMs: number): void {
    this.#supersede(caller);
    const now = this.environment.now();
    const allowedMs = this.#allowedMs(timeoutMs, now);
    const call = new IncomingCall(id, allowedMs === 0 ? Number.POSITIVE_INFINITY : now + allowedMs, null, false);
    caller.calls.begin(call);
    this.call.deadline = Math.max(this.call.deadline, call.deadline);
    this.#calls.set(call, caller);
    this.#waiting.add(call);
    this.#host.adopted(this);
    call.whenAborted((reason) => {
      if (reason === 'timeout') {
        caller.send(encodeOutcome(id, timedOut));
      }
      if (!this.#waiting.delete(call)) return;
      const leftAt = this.environment.now();
      if (reason === 'disconnected') this.#lost.set(call, Math.min(call.deadline, leftAt + this.#host.keepMs));
      if (this.#waiting.size > 0) return;
      if (this.orphanedUntil > leftAt) this.#host.orphaned(this);
      else this.call.abort(reason);
    });
  }

  /** What is sent besides the outcome is about chunks, of which there are none. */
  send(): void {}

  async execute(input: unknown, context: unknown): Promise<void> {
    const { route, call } = this;
    let outcome: Outcome;
    try {
      route.gate?.enter(call, this.#calls.values().next().value ?? this);
      const output = await runProcedure(this, this.#observed(route), call, input, context);
      refuseFailure(output, route.path);
      outcome = { code: null, value: await encodeValue(this.#host.serializer, output, 'output') };
    } catch (error) {
      outcome = await this.#failed(error);
    }
    this.#settle(outcome);
  }

  /** One client has one session: calls of another of its sessions are repeated by it, or given up. */
  #supersede(caller: KeyedCaller): void {
    if (caller.client === null) return;
    for (const [call, other] of this.#calls) {
      if (other === caller || other.client !== caller.client) continue;
      this.#waiting.delete(call);
      this.#lost.delete(call);
    }
  }

  /** Repeats do not stretch what the procedure's own limit allows. */
  #allowedMs(timeoutMs: number, now: number): number {
    const limitMs = this.route.definition.limits.timeoutMs;
    if (!Number.isFinite(limitMs)) return timeoutMs;
    const leftMs = Math.max(1, this.#startedAt + limitMs - now);
    return timeoutMs === 0 ? leftMs : Math.min(timeoutMs, leftMs);
  }

  /** The same procedure; takes down that its handler began. */
  #observed(route: ProcedureRoute): ProcedureRoute {
    const handler: typeof route.definition.handler = (args) => {
      this.#began = true;
      return route.definition.handler(args);
    };
    return { ...route, definition: { ...route.definition, handler } };
  }

  async #failed(error: unknown): Promise<Outcome> {
    // What it waited for may have inherited the deadline, and failed before the next look at the clock.
    if (this.call.deadline <= this.environment.now()) this.call.abort('timeout');
    // Stopping because nobody waits is what the signal asked for, whatever was thrown to get there.
    if (this.call.abortReason !== null) return timedOut;
    try {
      if (!(error instanceof Failure)) throw error;
      const data = await checkFailureData(this.route.definition.errors, this.route.path, error);
      return { code: error.code, message: error.message, data: await encodeValue(this.#host.serializer, data, 'data') };
    } catch (cause) {
      const id = this.#host.report(cause, this.route.path, this.caller);
      return { code: 'INTERNAL', message: internalText(id), data: `,{"id":${JSON.stringify(id)}}` };
    }
  }

  #settle(outcome: Outcome): void {
    this.route.gate?.leave(this.call);
    // A handler that returned although it was told to stop has done its work; one that threw then may have done any of it.
    const kept = outcome.code === null || this.call.abortReason === null ? outcome : stopped;
    this.#host.over(this, outcome, this.#began ? kept : null);
    for (const [call, caller] of this.#calls) {
      if (this.#waiting.has(call)) caller.send(encodeOutcome(call.id, outcome));
      caller.calls.finish(call);
      caller.finished();
    }
  }
}
