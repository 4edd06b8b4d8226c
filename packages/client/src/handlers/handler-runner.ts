import type { TimerEnvironment } from '@typewire/core';
import {
  type CallerMessage,
  type ChunkHost,
  callerShapes,
  decodeValue,
  type EncodedMessage,
  encodeEnd,
  encodeError,
  encodeItem,
  encodeResult,
  encodeValue,
  excessOf,
  MessageType,
  type Shapes,
} from '@typewire/core/internal';
import { IncomingCall, IncomingCalls, ItemPace, sendItems } from '@typewire/core/internal/callee';
import { reportUncaught } from '../events.ts';
import type { CalleeArguments } from './callee-handlers.ts';
import { fail, HandlerFailure } from './handler-failure.ts';
import type { Handler } from './read-handlers.ts';

type Message = readonly [type: number, id: number, path: string, timeoutMs: number, ...rest: unknown[]];

/** What running handlers needs of a session. */
interface HandlerHost extends ChunkHost {
  readonly shapes: Shapes;
  readonly environment: TimerEnvironment;
}

/** Calls of the server that may run at once; one more is refused. */
const MAX_IN_FLIGHT = 128;

/** Runs what the server calls of this client. protocol: "Calls". */
export class HandlerRunner {
  readonly #host: HandlerHost;
  readonly #handlers: ReadonlyMap<string, Handler>;
  #calls: IncomingCalls = new IncomingCalls();

  constructor(handlers: ReadonlyMap<string, Handler>, host: HandlerHost) {
    this.#host = host;
    this.#handlers = handlers;
    Object.assign(host.shapes, callerShapes);
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#calls.deadline;
  }

  tick(now: number): void {
    this.#calls.tick(now);
  }

  /** The session is over, and with it the calls: their handlers are told. */
  ended(): void {
    this.#calls.abortAll();
    this.#calls = new IncomingCalls();
  }

  /** @throws {ProtocolError} for an id that was used, or a value that is malformed. */
  receive(message: CallerMessage): void {
    switch (message[0]) {
      case MessageType.Call:
        return this.#begin(message, 4, null);
      case MessageType.Mutate:
        return this.#begin(message, 5, null);
      case MessageType.Open:
        return this.#begin(message, 6, message[4]);
      case MessageType.Cancel:
        return this.#calls.cancel(message[1]);
      case MessageType.Credit:
        return this.#calls.addCredit(message[1], message[2]);
      case MessageType.Upload: {
        this.#calls.takeId(message[1]);
        return this.#host.send(encodeError(message[1], 'NOT_FOUND', 'a client takes no uploads', ''));
      }
      default:
      // Chunks of an upload, which was refused.
    }
  }

  #begin(message: Message, inputField: number, credit: number | null): void {
    const [, id, path, timeoutMs] = message;
    const input = decodeValue(this.#host.serializer, message, inputField);
    const now = this.#host.environment.now();
    const call = new IncomingCall(id, timeoutMs === 0 ? Number.POSITIVE_INFINITY : now + timeoutMs, credit, false);
    const calls = this.#calls;
    const isFull = calls.size >= MAX_IN_FLIGHT;
    calls.begin(call);
    this.#run(call, this.#handlers.get(path), path, input, isFull)
      .catch((error: unknown) => this.#encodeFailure(call, error))
      .then((answer) => this.#finish(calls, call, answer))
      .catch(reportUncaught);
  }

  async #run(
    call: IncomingCall,
    handler: Handler | undefined,
    path: string,
    input: unknown,
    isFull: boolean,
  ): Promise<EncodedMessage> {
    if (handler === undefined) throw fail('NOT_FOUND', `the client has no handler at ${JSON.stringify(path)}`);
    if (isFull) throw new HandlerFailure('LIMIT_EXCEEDED', `more than ${MAX_IN_FLIGHT} calls at once`, undefined);
    const output = await handler(input, new HandlerArguments(call) as CalleeArguments<never>);
    const { serializer } = this.#host;
    if (!call.isStream) return this.#fitting(encodeResult(call.id, await encodeValue(serializer, output, 'output')));
    const send = async (item: unknown): Promise<void> => {
      const message = this.#fitting(encodeItem(call.id, await encodeValue(serializer, item, 'item')));
      if (!call.isOver) this.#host.send(message);
    };
    await sendItems(output as AsyncIterable<unknown>, call, new ItemPace(this.#host, call), send);
    return encodeEnd(call.id);
  }

  /** @throws {HandlerFailure} `LIMIT_EXCEEDED` for an answer above what the server takes. */
  #fitting(message: EncodedMessage): EncodedMessage {
    const excess = excessOf(message, this.#host.maxMessageBytes);
    if (excess !== null) throw new HandlerFailure('LIMIT_EXCEEDED', excess, undefined);
    return message;
  }

  async #encodeFailure({ id, abortReason }: IncomingCall, error: unknown): Promise<EncodedMessage> {
    if (error instanceof HandlerFailure) {
      try {
        const data = await encodeValue(this.#host.serializer, error.data, 'data');
        return this.#fitting(encodeError(id, error.code, error.message, data));
      } catch (cause) {
        if (cause instanceof HandlerFailure) return encodeError(id, cause.code, cause.message, '');
        reportUncaught(cause);
      }
    } else if (abortReason === null) reportUncaught(error);
    return encodeError(id, 'INTERNAL', 'the client failed', '');
  }

  #finish(calls: IncomingCalls, call: IncomingCall, answer: EncodedMessage): void {
    calls.finish(call);
    // The id is another's in the session there is now.
    if (calls !== this.#calls) return;
    if (call.abortReason === null) this.#host.send(answer);
    else if (call.abortReason === 'timeout') {
      this.#host.send(encodeError(call.id, 'TIMEOUT', 'the handler did not finish within the time given', ''));
    }
  }
}

/** What a handler is given; the signal is made when it is first read. */
class HandlerArguments {
  readonly fail: typeof fail = fail;
  readonly #call: IncomingCall;
  #signal: AbortSignal | null = null;

  constructor(call: IncomingCall) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    if (this.#signal !== null) return this.#signal;
    const controller = new AbortController();
    this.#signal = controller.signal;
    const abort = (): void => controller.abort(new DOMException('nobody waits for this call', 'AbortError'));
    if (this.#call.isOver) abort();
    else this.#call.whenOver(abort);
    return this.#signal;
  }
}
