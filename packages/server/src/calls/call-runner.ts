import type { Environment, Serializer } from '@typewire/core';
import {
  type EncodedMessage,
  encodeEnd,
  encodeError,
  encodeItem,
  encodeResult,
  encodeValue,
  type IncomingCall,
  type IncomingCalls,
  validate,
} from '@typewire/core/internal';
import { Failure } from '../failure.ts';
import { isPromiseLike } from '../promise.ts';
import type { ProcedureRoute } from '../routes.ts';
import type { CallHost } from './call-arguments.ts';
import type { CallGate } from './call-gate.ts';
import { type CallEvent, CallWatch } from './call-watch.ts';
import { checkOutput, refuseFailure, runProcedure } from './run-procedure.ts';
import { runStream } from './run-stream.ts';
import { type PaceHost, StreamPace } from './stream-pace.ts';

/** What running calls needs of a connection. */
export interface CallRunnerHost extends CallHost, PaceHost {
  readonly environment: PaceHost['environment'] & Pick<Environment, 'now'>;
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
    this.#watch?.started(call);
    try {
      if (route.gate !== null) this.#limit(route.gate, call);
      const output = runProcedure(this.#host, route, call, input, context);
      if (route.kind === 'stream') this.#follow(route, call, output);
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
      this.#finish(route, call, null, encodeResult(call.id, encodeValue(this.#host.serializer, output)));
    } catch (error) {
      this.#fail(route, call, error);
    }
  }

  #follow(route: ProcedureRoute, call: IncomingCall, output: unknown): void {
    const { output: schema } = route.definition;
    const send = (value: unknown): void => {
      refuseFailure(value, route.path);
      this.#host.send(encodeItem(call.id, encodeValue(this.#host.serializer, value)));
    };
    const item =
      schema === null
        ? send
        : async (value: unknown): Promise<void> => send(await checkOutput(schema, value, route.path));
    const pace = new StreamPace(this.#host, call);
    const follow = async (): Promise<void> => runStream((await output) as AsyncIterable<unknown>, call, { item }, pace);
    follow().then(
      () => this.#finish(route, call, null, encodeEnd(call.id)),
      (error: unknown) => this.#fail(route, call, error),
    );
  }

  #fail(route: ProcedureRoute, call: IncomingCall, error: unknown): void {
    // Stopping because nobody waits is what the signal asked for, whatever was thrown to get there.
    if (call.abortReason !== null) return this.#finish(route, call, null, null);
    if (!(error instanceof Failure)) return this.#failInternal(route, call, error);
    this.#encodeFailure(route, call, error).then(
      (message) => this.#finish(route, call, error.code, message),
      (cause: unknown) => this.#failInternal(route, call, cause),
    );
  }

  /** Rejects when the failure cannot travel as it is declared. */
  async #encodeFailure(route: ProcedureRoute, call: IncomingCall, failure: Failure): Promise<EncodedMessage> {
    const { code, message, data } = failure;
    const schema = Object.hasOwn(route.definition.errors, code) ? route.definition.errors[code] : undefined;
    const checked = schema === undefined ? { value: data } : await validate(schema, data);
    if (checked.issues !== undefined) {
      throw new TypeError(`the data of ${code} does not pass its schema in ${route.path}`, { cause: failure });
    }
    return encodeError(call.id, code, message, encodeValue(this.#host.serializer, checked.value));
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
    this.#watch?.ended(route, call, this.#host.caller, code);
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
