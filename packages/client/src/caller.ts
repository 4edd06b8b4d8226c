import { CallError, type CallPromise, type Serializer, UsageError } from '@typewire/core';
import {
  type CallObserver,
  encodeCredit,
  encodeValue,
  OutgoingCall,
  type ProcedureKind,
  StreamReader,
} from '@typewire/core/internal';
import type { Connection } from './connection.ts';
import type { CallOptions } from './options.ts';

export interface CallerSettings {
  readonly serializer: Serializer;
  readonly callTimeoutMs: number;
  readonly streamWindow: number;
}

/** Makes calls on a connection: promises for queries and mutations, iterators for streams. */
export class ClientCaller {
  readonly #connection: Connection;
  readonly #settings: CallerSettings;
  /** Paths as JSON text: a program calls few, and often. */
  readonly #paths: Map<string, string> = new Map();

  constructor(connection: Connection, settings: CallerSettings) {
    this.#connection = connection;
    this.#settings = settings;
  }

  call(
    kind: 'query' | 'mutation',
    path: string,
    input: unknown,
    options: CallOptions = {},
  ): CallPromise<unknown, never> {
    return new Promise((resolve, reject) => {
      const unexpected = (): void => reject(new TypeError(`the server answered the ${kind} ${path} with a stream`));
      const observer = { result: resolve, fail: reject, item: unexpected, end: unexpected };
      this.#start(kind, path, input, options, this.#settings.callTimeoutMs, observer);
    });
  }

  stream(path: string, input: unknown, options: CallOptions = {}): AsyncIterableIterator<unknown, undefined> {
    let call: OutgoingCall | null = null;
    const reader = new StreamReader<unknown>({
      window: this.#settings.streamWindow,
      grant: (count) => {
        if (call !== null && call.id > 0) this.#connection.session.send(encodeCredit(call.id, count));
      },
      cancel: () => {
        if (call !== null) this.#connection.session.calls.cancel(call, 'ABORTED', 'the reader left the stream');
      },
    });
    const observer: CallObserver = {
      item: (value) => reader.push(value),
      end: () => reader.finish(null),
      fail: (error) => reader.finish(error),
      result: () => reader.finish(null),
    };
    return startOnFirstRead(reader, () => {
      call = this.#start('stream', path, input, options, Number.POSITIVE_INFINITY, observer);
    });
  }

  /** @throws {UsageError} `BAD_OPTION` or `UNSERIALIZABLE`; inside a promise's executor that is its rejection. */
  #start(
    kind: ProcedureKind,
    path: string,
    input: unknown,
    options: CallOptions,
    defaultTimeoutMs: number,
    observer: CallObserver,
  ): OutgoingCall | null {
    const connection = this.#connection;
    const { timeoutMs = defaultTimeoutMs, signal } = options;
    if (!(timeoutMs > 0)) throw new UsageError('BAD_OPTION', `timeoutMs must be above 0, or Infinity: ${timeoutMs}`);
    const text = encodeValue(this.#settings.serializer, input);
    if (signal?.aborted) {
      observer.fail(notSent('ABORTED', 'the signal had fired before the call', signal.reason));
      return null;
    }
    if (connection.isClosed) {
      observer.fail(notSent('DISCONNECTED', 'the client is closed', connection.status.error));
      return null;
    }
    const now = connection.now();
    const call: OutgoingCall = new OutgoingCall({
      kind,
      path: this.#pathText(path),
      input: text,
      deadline: now + timeoutMs,
      credit: this.#settings.streamWindow,
      observer: signal === undefined ? observer : this.#abortable(observer, signal, () => call),
    });
    connection.session.calls.start(call, now);
    connection.deadlinesChanged();
    return call;
  }

  /** Listens to the signal only while the call has no outcome: a signal may outlive thousands of calls. */
  #abortable(observer: CallObserver, signal: AbortSignal, call: () => OutgoingCall): CallObserver {
    const abort = (): void =>
      this.#connection.session.calls.cancel(call(), 'ABORTED', 'the caller gave the call up', signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settle =
      <Args extends unknown[]>(tell: (...args: Args) => void) =>
      (...args: Args): void => {
        signal.removeEventListener('abort', abort);
        tell(...args);
      };
    return {
      item: observer.item,
      result: settle(observer.result),
      end: settle(observer.end),
      fail: settle(observer.fail),
    };
  }

  #pathText(path: string): string {
    let text = this.#paths.get(path);
    if (text === undefined) {
      text = JSON.stringify(path);
      this.#paths.set(path, text);
    }
    return text;
  }
}

export function notSent(code: 'ABORTED' | 'DISCONNECTED', message: string, cause: unknown): CallError {
  return new CallError(code, message, { data: undefined, delivery: 'not-sent', cause });
}

/** An iterator nobody reads costs nothing: the call is made with the first `next()`. */
function startOnFirstRead(reader: StreamReader<unknown>, start: () => void): AsyncIterableIterator<unknown, undefined> {
  let started = false;
  const iterator: AsyncIterableIterator<unknown, undefined> = {
    next() {
      if (!started) {
        started = true;
        try {
          start();
        } catch (error) {
          return Promise.reject(error);
        }
      }
      return reader.next();
    },
    return() {
      started = true;
      return reader.return();
    },
    [Symbol.asyncIterator]() {
      return iterator;
    },
  };
  return iterator;
}
