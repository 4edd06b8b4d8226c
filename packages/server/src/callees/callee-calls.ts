import type { CallError, Environment } from '@typewire/core';
import {
  type CalleeMessage,
  Caller,
  type CallerHost,
  type CallSettings,
  CallTable,
  type ChunkHost,
  callFailure,
  type EncodedMessage,
  type IncomingCall,
} from '@typewire/core/internal';
import type { CalleeOptions } from './callee-api.ts';
import { CalleeItems } from './callee-items.ts';
import type { Callee } from './caller-object.ts';
import { checkError, checkInput, checkResult } from './check-answer.ts';

/** What calling a client needs of its session. */
export interface CalleeCallsHost extends ChunkHost {
  readonly environment: ChunkHost['environment'] & Pick<Environment, 'now' | 'createId'>;
  /** Longest wait for an answer, in milliseconds. */
  readonly callTimeoutMs: number;
  readonly isConnected: boolean;
  /** Handlers of its calls have begun, or ceased, to wait for what the client says. */
  awaitsAnswers(does: boolean): void;
}

/** Size of the calls that wait for a client to come back, in UTF-16 units. */
const MAX_QUEUE_SIZE = 262_144;
/** Items a stream of a client may be ahead of its reader. */
const STREAM_WINDOW = 32;

/**
 * The calls of the server to one client. They outlast its connections as the session does: what was sent is answered over
 * the next one, what is new waits for it. protocol: "Calls".
 */
export class CalleeCalls {
  readonly #host: CalleeCallsHost;
  readonly #table: CallTable;
  readonly #caller: Caller;
  readonly #send: (message: EncodedMessage) => void;
  /** Of those, the ones that handlers of the client's plain calls wait for. */
  #awaited = 0;
  #isOver = false;

  constructor(host: CalleeCallsHost, now: number) {
    this.#host = host;
    this.#table = new CallTable({ serializer: host.serializer, maxQueueSize: MAX_QUEUE_SIZE });
    this.#caller = new Caller(this.#callerHost(), { callTimeoutMs: host.callTimeoutMs, streamWindow: STREAM_WINDOW });
    this.#send = (message) => host.send(message);
    this.#table.connected(this.#send, now);
    if (!host.isConnected) this.detached();
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#table.deadline;
  }

  tick(now: number): void {
    this.#table.tick(now);
  }

  /**
   * Makes a call by the kind of its procedure. One that is made for a call of the client ends with it, and has no more
   * time than it.
   */
  call({ path, procedure }: Callee, input: unknown, options: CalleeOptions, parent: IncomingCall | null): unknown {
    const { '~kind': kind, '~definition': definition } = procedure;
    const settings = this.#within(options, parent);
    if (kind === 'stream') {
      const open = async (): Promise<AsyncIterator<unknown, undefined>> =>
        this.#caller.stream(path, await checkInput(definition, input, path), settings);
      return new CalleeItems({ definition, path, open, awaitAnswers: () => this.#awaitAnswers(parent) });
    }
    const run = async (): Promise<unknown> => {
      const done = this.#awaitAnswers(parent);
      try {
        const checked = await checkInput(definition, input, path);
        const result = await this.#caller.call(kind === 'query' ? 'query' : 'mutation', path, checked, settings);
        return await checkResult(definition, result, path);
      } catch (error) {
        throw await checkError(definition, error, path);
      } finally {
        done();
      }
    };
    return run();
  }

  /** @throws {ProtocolError} for an answer to a call that was never made, or that is malformed. */
  receive(message: CalleeMessage): void {
    this.#table.receive(message);
  }

  /** The connection is lost; the session may go on. */
  detached(): void {
    this.#table.suspended(this.#send);
  }

  /** The session goes on. */
  attached(now: number): void {
    this.#table.resumed(this.#send, now);
  }

  /** The session is over. */
  close(): void {
    this.#isOver = true;
    this.#table.close('the session of the client is over');
  }

  /**
   * A client with as many plain calls in flight as it may have is not read from; but while their handlers wait for it, it
   * must be. The returned function says that this one waits no more.
   */
  #awaitAnswers(parent: IncomingCall | null): () => void {
    if (parent === null || parent.isStream || parent.isUpload) return () => {};
    if (++this.#awaited === 1) this.#host.awaitsAnswers(true);
    return () => {
      if (--this.#awaited === 0) this.#host.awaitsAnswers(false);
    };
  }

  #callerHost(): CallerHost {
    const host = this.#host;
    const isOver = (): boolean => this.#isOver;
    const table = this.#table;
    return {
      serializer: host.serializer,
      environment: host.environment,
      calls: table,
      get refusal() {
        return isOver() ? gone() : null;
      },
      send: (message) => host.send(message),
      start: (request, now) => table.start(request, now),
    };
  }

  #within({ signal, timeoutMs }: CalleeOptions, parent: IncomingCall | null): CallSettings {
    if (parent === null) return { signal, timeoutMs };
    return { signal, timeoutMs, within: parent };
  }
}

function gone(): CallError {
  const text = 'the session of the client is over';
  return callFailure('DISCONNECTED', text, 'not-sent');
}
