import type { CallError } from '@typewire/core';
import {
  type CallerMessage,
  callFailure,
  decodeValue,
  encodeError,
  givesItems,
  MessageType,
  type MutateMessage,
  type ProcedureKind,
  takesChunks,
} from '@typewire/core/internal';
import { IncomingCall } from '@typewire/core/internal/callee';
import { allowedTimeMs } from '../builder/call-limits.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import type { KeyedCaller } from '../idempotency/keyed-caller.ts';
import type { KeyedCalls } from '../idempotency/keyed-calls.ts';
import type { WireLimits } from '../options.ts';
import type { ProcedureRoute, Routes } from '../routes.ts';
import { CallRunner, type CallRunnerHost } from './call-runner.ts';

/** What taking calls needs of a session. */
export interface CallIntakeHost extends CallRunnerHost, KeyedCaller {
  readonly routes: Routes;
  readonly limits: Required<WireLimits>;
  readonly keyedCalls: KeyedCalls;
}

/** Reads what a client sends about its calls, and has them run. protocol: "Calls". */
export class CallIntake {
  readonly #host: CallIntakeHost;
  readonly #runner: CallRunner;

  constructor(host: CallIntakeHost) {
    this.#host = host;
    this.#runner = new CallRunner(host);
  }

  /** @throws {ProtocolError} for an id that was used, a value that is malformed, or a chunk that was not asked for. */
  receive(message: CallerMessage): void {
    const { calls } = this.#host;
    switch (message[0]) {
      case MessageType.Call:
        return this.#begin(message, 'query', null, 4);
      case MessageType.Mutate:
        return message[4] === null ? this.#begin(message, 'mutation', null, 5) : this.#mutate(message, message[4]);
      case MessageType.Open:
        return this.#begin(message, 'stream', message[4], 6, message[5]);
      case MessageType.Upload:
        return this.#begin(message, message[4] === null ? 'upload' : 'duplex', message[4], 5);
      case MessageType.Cancel:
        return calls.cancel(message[1]);
      case MessageType.Credit:
        return calls.addCredit(message[1], message[2]);
      case MessageType.Chunk:
        // Chunks of a call that has its outcome cross it on the wire.
        return calls.find(message[1])?.chunk(decodeValue(this.#host.serializer, message, 2));
      case MessageType.Finish:
        return calls.find(message[1])?.finishChunks(null);
      case MessageType.Abort:
        return calls.find(message[1])?.finishChunks(brokenOff(message[2]));
    }
  }

  #mutate(message: MutateMessage, key: string): void {
    const [, id, path] = message;
    // Of what was sent: reviving the input changes it in place.
    const fingerprint = fingerprintOf(message.slice(5));
    const input = decodeValue(this.#host.serializer, message, 5);
    const route = this.#host.routes.procedure(path);
    if (route?.kind === 'mutation') {
      return this.#host.keyedCalls.call(this.#host, route, message, { key, fingerprint, input });
    }
    this.#host.calls.takeId(id);
    this.#host.send(encodeError(id, 'NOT_FOUND', this.#host.routes.describeMissing('mutation', path), ''));
  }

  #begin(
    message: readonly [type: number, id: number, path: string, timeoutMs: number, ...rest: unknown[]],
    kind: ProcedureKind,
    credit: number | null,
    inputField: number,
    lastEventId: string | null = null,
  ): void {
    const [, id, path, givenMs] = message;
    const { calls, routes, environment, serializer, context } = this.#host;
    const input = decodeValue(serializer, message, inputField);
    const route = routes.procedure(path);
    const refusal = this.#refusal(route, kind, path);
    if (route === undefined || refusal !== null) {
      calls.takeId(id);
      return this.#host.send(encodeError(id, refusal?.code ?? 'NOT_FOUND', refusal?.message ?? '', ''));
    }
    const timeoutMs = allowedTimeMs(route.definition.limits, givenMs);
    const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : environment.now() + timeoutMs;
    const call = new IncomingCall(id, deadline, credit, takesChunks(kind));
    calls.begin(call);
    call.lastEventId = lastEventId;
    this.#runner.run(route, call, input, context);
  }

  #refusal(route: ProcedureRoute | undefined, kind: ProcedureKind, path: string): Refusal | null {
    if (route?.kind !== kind) return { code: 'NOT_FOUND', message: this.#host.routes.describeMissing(kind, path) };
    const { maxStreams, maxUploads } = this.#host.limits;
    const { streams, uploads } = this.#host.calls;
    if (givesItems(kind) && streams >= maxStreams) return tooMany('streams', maxStreams, 'maxStreams');
    if (takesChunks(kind) && uploads >= maxUploads) return tooMany('uploads', maxUploads, 'maxUploads');
    return null;
  }
}

interface Refusal {
  readonly code: 'NOT_FOUND' | 'LIMIT_EXCEEDED';
  readonly message: string;
}

function tooMany(what: string, limit: number, option: string): Refusal {
  const message = `more than ${limit} ${what} of one connection: see the option limits.${option}`;
  return { code: 'LIMIT_EXCEEDED', message };
}

function brokenOff(reason: string): CallError {
  const text = `the caller broke its upload off: ${reason}`;
  return callFailure('ABORTED', text, 'answered');
}
