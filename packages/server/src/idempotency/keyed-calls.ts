import { encodeError, type MutateMessage } from '@typewire/core/internal';
import type { SessionTarget } from '../authentication/disconnect.ts';
import { allowedTimeMs } from '../builder/call-limits.ts';
import { type CallEvent, CallWatch } from '../calls/call-watch.ts';
import type { ProcedureRoute } from '../routes.ts';
import { KeptResults } from './kept-results.ts';
import type { KeyedCaller } from './keyed-caller.ts';
import { KeyedRun, type RunHost } from './keyed-run.ts';
import type { IdempotencyLimits } from './limits.ts';
import { encodeOutcome, type Outcome } from './outcome.ts';
import { OwnedQueue } from './owned-queue.ts';
import { ownersOf } from './owner.ts';

/** What these calls need of the wire. */
export interface KeyedCallsHost extends Pick<RunHost, 'environment' | 'serializer' | 'publish' | 'report'> {
  readonly onCall: ((event: CallEvent) => void) | null;
  /** `tick` of these calls is due from time to time … */
  watch(calls: KeyedCalls): void;
  /** … and no longer. */
  unwatch(calls: KeyedCalls): void;
}

/** What a mutation is called with. */
export interface KeyedInput {
  readonly key: string;
  /** Of the input as it was sent. */
  readonly fingerprint: string;
  readonly input: unknown;
}

/**
 * Mutations with an idempotency key, of all sessions: each key runs once, and its repeats get what came of it. A run
 * whose callers all lost their sessions goes on for those who come back. protocol: "Repeating a mutation".
 */
export class KeyedCalls implements RunHost {
  readonly environment: RunHost['environment'];
  readonly serializer: RunHost['serializer'];
  readonly publish: RunHost['publish'];
  readonly report: RunHost['report'];
  readonly keepMs: number;
  readonly #host: KeyedCallsHost;
  readonly #watch: CallWatch | null;
  readonly #results: KeptResults;
  readonly #runs: Map<string, KeyedRun> = new Map();
  readonly #orphans: OwnedQueue<KeyedRun>;

  constructor(host: KeyedCallsHost, limits: Required<IdempotencyLimits>) {
    this.#host = host;
    this.environment = host.environment;
    this.serializer = host.serializer;
    this.publish = host.publish;
    this.report = (error, path, caller) => host.report(error, path, caller);
    this.keepMs = limits.keepMs;
    this.#watch = host.onCall && new CallWatch(() => host.environment.now(), host.onCall);
    this.#results = new KeptResults(limits);
    const bounds = { max: limits.maxOrphans, maxPerOwner: limits.maxOrphansPerClient };
    this.#orphans = new OwnedQueue(bounds, (run) => this.#stop(run));
  }

  /** Runs the mutation, joins the run of its key, or answers with what came of it. */
  call(
    caller: KeyedCaller,
    route: ProcedureRoute,
    message: MutateMessage,
    { key, fingerprint, input }: KeyedInput,
  ): void {
    const [, id, path, timeoutMs] = message;
    const { subject, session } = caller.caller;
    const owners = ownersOf(subject, caller.client, session);
    const [owner] = owners;
    const names = owners.map(({ id: scope }) => JSON.stringify([scope, path, key]));
    const [name = ''] = names;
    const now = this.environment.now();
    const running = firstOf(names, (known) => this.#runs.get(known));
    const known = running ?? firstOf(names, (ended) => this.#results.find(ended, now));
    if (known !== undefined && known.fingerprint !== fingerprint) {
      return this.#refuse(caller, id, 'CONFLICT', 'this idempotency key was used with another input');
    }
    if (running?.call.abortReason) {
      const text = 'an earlier call with this idempotency key was given up, and its handler has not stopped yet';
      return this.#refuse(caller, id, 'CONFLICT', text);
    }
    const allowedMs = allowedTimeMs(route.definition.limits, timeoutMs);
    if (running !== undefined) return running.join(caller, id, allowedMs);
    if (known !== undefined) return this.#repeat(caller, id, (known as { outcome: Outcome | null }).outcome);
    const run = new KeyedRun(this, {
      name,
      owner,
      fingerprint,
      route,
      id,
      caller: caller.caller,
      callees: caller.callees,
    });
    this.#runs.set(name, run);
    this.#host.watch(this);
    this.#watch?.started(run.call, run.caller);
    run.join(caller, id, allowedMs);
    // It answers whatever happens, and so never rejects.
    void run.execute(input, caller.context);
  }

  orphaned(run: KeyedRun): void {
    this.#orphans.add(run, run.owner, 1);
  }

  adopted(run: KeyedRun): void {
    this.#orphans.delete(run);
  }

  over(run: KeyedRun, outcome: Outcome, kept: Outcome | null): void {
    this.#orphans.delete(run);
    this.#runs.delete(run.name);
    if (kept !== null) this.#results.keep(run.name, run.owner, run.fingerprint, kept, this.environment.now());
    this.#watch?.ended(run.route, run.call, outcome.code);
  }

  tick(now: number): void {
    this.#results.tick(now);
    for (const run of this.#orphans.all()) {
      if (run.orphanedUntil > now) continue;
      this.#orphans.delete(run);
      this.#stop(run);
    }
    if (this.#runs.size === 0 && this.#results.count === 0) this.#host.unwatch(this);
  }

  /** Who began or repeated them has been sent away: they are not waited for. */
  revoke({ subject, session }: SessionTarget): void {
    for (const run of [...this.#runs.values()]) {
      const isTheirs = run.callers.some((caller) =>
        session === undefined ? caller.subject === subject : caller.session === session,
      );
      if (isTheirs) run.call.abort('disconnected');
    }
  }

  /** Nobody will come back here: what runs is told to stop, and what was kept is forgotten. */
  close(): void {
    for (const run of [...this.#runs.values()]) run.call.abort('disconnected');
    this.#results.clear();
    this.#host.unwatch(this);
  }

  #stop({ call }: KeyedRun): void {
    call.abort(call.deadline <= this.environment.now() ? 'timeout' : 'disconnected');
  }

  #repeat(caller: KeyedCaller, id: number, outcome: Outcome | null): void {
    if (outcome === null) {
      const text =
        'the call ran, and what came of it is not kept: see idempotency.maxResultSize and maxTotalSize of the server';
      return this.#refuse(caller, id, 'RESULT_GONE', text);
    }
    caller.calls.takeId(id);
    caller.send(encodeOutcome(id, outcome));
  }

  #refuse(caller: KeyedCaller, id: number, code: string, message: string): void {
    caller.calls.takeId(id);
    caller.send(encodeError(id, code, message, ''));
  }
}

function firstOf<Found>(names: readonly string[], find: (name: string) => Found | undefined): Found | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
