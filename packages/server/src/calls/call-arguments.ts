import type { Environment, Position, Topic } from '@typewire/core';
import { type AbortReason, carryDeadline, type IncomingCall } from '@typewire/core/internal';
import type { Callees } from '../callees/callees.ts';
import type { Caller } from '../caller.ts';
import type { PublishOptions } from '../channels/publication.ts';
import type { Fail } from '../failure.ts';
import type { ProcedureRoute } from '../routes.ts';
import { checkChunks, takeChunks } from './take-chunks.ts';

/** What running a call needs of the connection it came in on. */
export interface CallHost {
  readonly environment: Pick<Environment, 'now'>;
  readonly caller: Caller;
  readonly limits: { readonly uploadWindow: number };
  /** `null` where the router calls nothing of its callers. */
  readonly callees: Callees | null;
  publish(topic: Topic<unknown>, event: unknown, options?: PublishOptions): Promise<Position>;
  send(text: string): void;
}

const abortTexts: Readonly<Record<AbortReason, string>> = {
  cancelled: 'the caller cancelled the call',
  timeout: 'the deadline of the call has passed',
  disconnected: 'the connection of the caller was lost',
};

/**
 * What a handler is given. Everything costly is made when it is first read: most handlers never look at `signal`, and
 * an `AbortController` for each call would be a measurable part of it.
 */
export class CallArguments {
  readonly input: unknown;
  readonly ctx: unknown;
  readonly #host: CallHost;
  readonly #route: ProcedureRoute;
  readonly #call: IncomingCall;
  /** As it was when the call began: the session may become somebody else's while it runs. */
  readonly #caller: Caller;

  constructor(
    host: CallHost,
    route: ProcedureRoute,
    call: IncomingCall,
    input: unknown,
    ctx: unknown,
    caller: Caller = host.caller,
  ) {
    this.input = input;
    this.ctx = ctx;
    this.#host = host;
    this.#route = route;
    this.#call = call;
    this.#caller = caller;
  }

  get caller(): Caller {
    const { callees } = this.#host;
    return callees === null ? this.#caller : callees.bind(this.#caller, this.#call);
  }

  get path(): string {
    return this.#route.path;
  }

  get fail(): Fail<Record<string, unknown>> {
    return this.#route.fail;
  }

  get publish(): CallHost['publish'] {
    return this.#host.publish;
  }

  get requestId(): string {
    return `${this.#caller.session}.${this.#call.id}`;
  }

  get signal(): AbortSignal {
    return signalOf(this.#call, this.#host.environment);
  }

  get remainingMs(): () => number {
    return () => Math.max(1, this.#call.deadline - this.#host.environment.now());
  }

  get lastEventId(): string | null {
    return this.#call.lastEventId;
  }

  /** Asks the caller for its first chunks when it is first read, so that a call that is refused before costs none. */
  get incoming(): AsyncIterable<unknown> | undefined {
    const { chunk } = this.#route.definition;
    if (chunk === null) return undefined;
    let chunks = incoming.get(this.#call);
    if (chunks === undefined) {
      const reader = takeChunks(this.#call, this.#host.limits.uploadWindow, (text) => this.#host.send(text));
      chunks = checkChunks(reader, chunk);
      incoming.set(this.#call, chunks);
    }
    return chunks;
  }

  /** The same call with more in its context. */
  extend(extra: object): CallArguments {
    const ctx = { ...(this.ctx as object), ...extra };
    return new CallArguments(this.#host, this.#route, this.#call, this.input, ctx, this.#caller);
  }
}

/** One iterator for a call, however often it is asked for: a chunk is read once. */
const incoming = new WeakMap<IncomingCall, AsyncIterable<unknown>>();

const signals = new WeakMap<IncomingCall, AbortSignal>();

/** One signal for a call, however often it is asked for. */
function signalOf(call: IncomingCall, environment: CallHost['environment']): AbortSignal {
  const known = signals.get(call);
  if (known !== undefined) return known;
  const controller = new AbortController();
  carryDeadline(controller.signal, () => call.deadline - environment.now());
  const abort = (reason: AbortReason): void => controller.abort(new DOMException(abortTexts[reason], 'AbortError'));
  signals.set(call, controller.signal);
  if (call.abortReason !== null) abort(call.abortReason);
  else call.whenAborted(abort);
  return controller.signal;
}
