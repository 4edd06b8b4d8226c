import type { Serializer } from '@typewire/core';
import {
  type EncodedMessage,
  type EncodedValue,
  encodeEnd,
  encodeError,
  encodeItem,
  encodeResult,
  encodeTracked,
  encodeValue,
  givesItems,
  type IncomingCall,
  type IncomingCalls,
  isEncoded,
  type PaceHost,
} from '@typewire/core/internal';
import { ItemPace, sendItems } from '@typewire/core/internal/callee';
import { Tracked } from '../builder/tracked.ts';
import { Failure } from '../failure.ts';
import { chain, isPromiseLike } from '../promise.ts';
import type { ProcedureRoute } from '../routes.ts';
import type { CallHost } from './call-arguments.ts';
import type { CallGate } from './call-gate.ts';
import { type CallEvent, CallWatch } from './call-watch.ts';
import { checkFailureData } from './failure-data.ts';
import { checkOutput, refuseFailure, runProcedure } from './run-procedure.ts';

/** What running calls needs of a connection. */
export interface CallRunnerHost extends CallHost, PaceHost {
  readonly environment: PaceHost['environment'] & CallHost['environment'];
  readonly serializer: Serializer;
  readonly calls: IncomingCalls;
  send(message: EncodedMessage): void;
  /** Reports an exception that is not meant for the caller; returns the opaque id that is. */
  report(error: unknown, path: string): string;
  /** A call has its outcome. */
  finished(): void;
  /** Told of each call when it is over, where somebody wants to know. */
  readonly onCall: ((event: CallEvent) => void) | null;
}

/** Runs the calls of one connection and answers each exactly once. */
export class CallRunner {
  readonly #host: CallRunnerHost;
  readonly #watch: CallWatch | null;

  constructor(host: CallRunnerHost) {
    this.#host = host;
    this.#watch = host.onCall && new CallWatch(() => host.environment.now(), host.onCall);
  }

  /** Answers at once when nothing has to be awaited. */
  run(route: ProcedureRoute, call: IncomingCall, input: unknown, context: unknown): void {
    this.#watch?.started(call, this.#host.caller);
    try {
      if (route.gate !== null) this.#limit(route.gate, call);
      const output = runProcedure(this.#host, route, call, input, context);
      if (givesItems(route.kind)) this.#follow(route, call, output);
      else if (isPromiseLike(output)) {
        // A thenable of somebody else's may answer twice: a promise around it does not.
        Promise.resolve(output).then(
          (value) => this.#answer(route, call, value),
          (error: unknown) => this.#fail(route, call, error),
        );
      } else this.#answer(route, call, output);
    } catch (error) {
      this.#fail(route, call, error);
    }
  }

  /** @throws {Failure} `LIMIT_EXCEEDED` */
  #limit(gate: CallGate, call: IncomingCall): void {
    // At once, and not when the handler has stopped: the caller may be willing to wait longer than the limit.
    call.whenAborted((reason) => {
      if (reason === 'timeout') this.#sendTimeout(call);
    });
    gate.enter(call, this.#host);
  }

  #answer(route: ProcedureRoute, call: IncomingCall, output: unknown): void {
    if (call.abortReason !== null) return this.#finish(route, call, null, null);
    try {
      refuseFailure(output, route.path);
      const encoded = encodeValue(this.#host.serializer, output, 'output');
      if (isEncoded(encoded)) return this.#finish(route, call, null, encodeResult(call.id, encoded));
      encoded.then(
        (value) => this.#finish(route, call, null, encodeResult(call.id, value)),
        (error: unknown) => this.#fail(route, call, error),
      );
    } catch (error) {
      this.#fail(route, call, error);
    }
  }

  #follow(route: ProcedureRoute, call: IncomingCall, output: unknown): void {
    const { output: schema } = route.definition;
    const send = (item: unknown, id: string | null): void | Promise<void> => {
      refuseFailure(item, route.path);
      const pass = (value: EncodedValue): void =>
        this.#host.send(id === null ? encodeItem(call.id, value) : encodeTracked(call.id, id, value));
      const encoded = encodeValue(this.#host.serializer, item, 'item');
      if (isEncoded(encoded)) return pass(encoded);
      return encoded.then((value) => {
        if (call.abortReason === null) pass(value);
      });
    };
    const check = (yielded: unknown): void | PromiseLike<void> => {
      const [item, id] = yielded instanceof Tracked ? [yielded.value, yielded.id] : [yielded, null];
      if (schema === null) return send(item, id);
      return chain(checkOutput(schema, item, route.path), (checked) => send(checked, id));
    };
    const pace = new ItemPace(this.#host, call);
    const follow = async (): Promise<unknown> => sendItems((await output) as AsyncIterable<unknown>, call, pace, check);
    follow().then(
      () => this.#finish(route, call, null, encodeEnd(call.id)),
      (error: unknown) => this.#fail(route, call, error),
    );
  }

  #fail(route: ProcedureRoute, call: IncomingCall, error: unknown): void {
    // What it waited for may have inherited the deadline, and failed before the next look at the clock.
    if (call.deadline <= this.#host.environment.now()) call.abort('timeout');
    // Stopping because nobody waits is what the signal asked for, whatever was thrown to get there.
    if (call.abortReason !== null) return this.#finish(route, call, null, null);
    // The caller's own doing, and no bug of this program.
    if (error === call.chunkError && call.chunkError !== null) {
      const { code, message } = call.chunkError;
      return this.#finish(route, call, code, encodeError(call.id, code, message, ''));
    }
    if (!(error instanceof Failure)) return this.#failInternal(route, call, error);
    this.#encodeFailure(route, call, error).then(
      (message) => this.#finish(route, call, error.code, message),
      (cause: unknown) => this.#failInternal(route, call, cause),
    );
  }

  /** Rejects when the failure cannot travel as it is declared. */
  async #encodeFailure(route: ProcedureRoute, call: IncomingCall, failure: Failure): Promise<EncodedMessage> {
    const data = await checkFailureData(route.definition.errors, route.path, failure);
    const value = await encodeValue(this.#host.serializer, data, 'data');
    return encodeError(call.id, failure.code, failure.message, value);
  }

  #failInternal(route: ProcedureRoute, call: IncomingCall, error: unknown): void {
    const id = this.#host.report(error, route.path);
    this.#finish(route, call, 'INTERNAL', encodeInternal(call.id, id));
  }

  #finish(route: ProcedureRoute, call: IncomingCall, code: string | null, message: EncodedMessage | null): void {
    if (message !== null && call.abortReason === null) this.#host.send(message);
    // A deadline that passed is an outcome the caller may not know of yet, when clocks drift.
    else if (call.abortReason === 'timeout' && route.gate === null) this.#sendTimeout(call);
    route.gate?.leave(call);
    this.#host.calls.finish(call);
    this.#host.finished();
    this.#watch?.ended(route, call, code);
  }

  #sendTimeout(call: IncomingCall): void {
    this.#host.send(encodeError(call.id, 'TIMEOUT', 'the handler did not finish within the time given', ''));
  }
}

/** The only thing a caller learns of an exception that was not meant for it. */
export function encodeInternal(call: number, id: string): EncodedMessage {
  return encodeError(call, 'INTERNAL', internalText(id), `,{"id":${JSON.stringify(id)}}`);
}

export function internalText(id: string): string {
  return `the server failed; its log names the cause under ${id}`;
}
