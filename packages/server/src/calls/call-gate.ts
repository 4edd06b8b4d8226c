import type { IncomingCall } from '@typewire/core/internal';
import type { CallLimits } from '../builder/call-limits.ts';
import { Failure } from '../failure.ts';

/** Counts the running calls of one procedure that has limits. */
export class CallGate {
  readonly #path: string;
  readonly #limits: Required<CallLimits>;
  /** Each running call with its session. */
  readonly #calls: Map<IncomingCall, object> = new Map();
  readonly #perSession: Map<object, number> = new Map();

  constructor(path: string, limits: Required<CallLimits>) {
    this.#path = path;
    this.#limits = limits;
  }

  /** @throws {Failure} `LIMIT_EXCEEDED`, which names the option. */
  enter(call: IncomingCall, session: object): void {
    const { maxInFlight, maxInFlightPerSession } = this.#limits;
    if (this.#calls.size >= maxInFlight) throw this.#full(maxInFlight, 'at once', 'maxInFlight');
    const ofSession = this.#perSession.get(session) ?? 0;
    if (ofSession >= maxInFlightPerSession) {
      throw this.#full(maxInFlightPerSession, 'of one session at once', 'maxInFlightPerSession');
    }
    this.#calls.set(call, session);
    this.#perSession.set(session, ofSession + 1);
  }

  /** The call has stopped. One that was never let in is not counted. */
  leave(call: IncomingCall): void {
    const session = this.#calls.get(call);
    if (session === undefined) return;
    this.#calls.delete(call);
    const left = (this.#perSession.get(session) ?? 0) - 1;
    if (left > 0) this.#perSession.set(session, left);
    else this.#perSession.delete(session);
  }

  #full(limit: number, when: string, option: string): Failure {
    const text = `more than ${limit} calls of ${this.#path} ${when}: see ${option} in its limits()`;
    return new Failure('LIMIT_EXCEEDED', text, undefined);
  }
}
