import { CallError, type CallPromise, type Environment, type Serializer, UsageError } from '@typewire/core';
import {
  type CallObserver,
  type EncodedValue,
  encodeCredit,
  encodeValue,
  givesItems,
  isEncoded,
  MAX_KEY_LENGTH,
  OutgoingCall,
  PublishRequest,
  remainingMsOf,
  StreamReader,
  topicName,
  Upload,
} from '@typewire/core/internal';
import { abortable } from './call-signal.ts';
import type { Connection } from './connection.ts';
import { ItemStream } from './item-stream.ts';
import type { CallOptions, MutateOptions, StreamOptions, UploadOptions } from './options.ts';

export interface CallerSettings {
  readonly serializer: Serializer;
  readonly callTimeoutMs: number;
  readonly streamWindow: number;
  readonly environment: Pick<Environment, 'createId'>;
}

/** What calls of any kind may be given. */
type AnyCallOptions = CallOptions & Partial<UploadOptions<unknown>> & StreamOptions & MutateOptions;

type MakeRequest<Request> = (deadline: number, observer: CallObserver) => Request;

/** The core lets no answer of another kind through. */
const never = (): void => {};

/** Makes calls on a connection: promises for queries, mutations and publications, iterators for streams. */
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
    options: AnyCallOptions = {},
  ): CallPromise<unknown, never> {
    return new Promise((resolve, reject) => {
      const observer = { result: resolve, fail: reject, item: never, end: never };
      whenEncoded(encodeValue(this.#settings.serializer, input, 'input'), observer, (value) => {
        const make = this.#callMaker(kind, path, value, options);
        this.#start(make, options, this.#settings.callTimeoutMs, observer);
      });
    });
  }

  publish(path: string, params: unknown, event: unknown, options: CallOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      // Refuses parameters that are not plain JSON.
      topicName(path, params);
      const fields = { path: this.#pathText(path), params: JSON.stringify(params ?? null) };
      const observer = { result: () => resolve(), fail: reject, item: never, end: never };
      whenEncoded(encodeValue(this.#settings.serializer, event, 'event'), observer, (value) => {
        const make = (deadline: number, { result, fail }: CallObserver): PublishRequest =>
          new PublishRequest({ ...fields, event: value, deadline, resolve: () => result(undefined), reject: fail });
        this.#start(make, options, this.#settings.callTimeoutMs, observer);
      });
    });
  }

  stream(path: string, input: unknown, options: AnyCallOptions = {}): ItemStream<unknown> {
    let call: OutgoingCall | null = null;
    const { session } = this.#connection;
    let hasLeft = false;
    const reader = new StreamReader<unknown>({
      window: this.#settings.streamWindow,
      grant: (count) => {
        if (call !== null && call.id > 0) session.send(encodeCredit(call.id, count));
      },
      cancel: () => {
        hasLeft = true;
        if (call !== null) session.calls.cancel(call, 'ABORTED', 'the reader left the stream');
      },
    });
    const observer: CallObserver = {
      item: (value) => reader.push(value),
      end: () => reader.finish(null),
      fail: (error) => reader.finish(error),
      result: never,
    };
    const start = (): void =>
      whenEncoded(encodeValue(this.#settings.serializer, input, 'input'), observer, (value) => {
        // Whoever left meanwhile waits for nothing.
        if (hasLeft) return;
        const make = this.#callMaker('stream', path, value, options, () => reader.credit);
        call = this.#start(make, options, Number.POSITIVE_INFINITY, observer);
      });
    return new ItemStream(reader, start, () => call?.lastEventId ?? options.lastEventId ?? null);
  }

  #callMaker(
    kind: 'query' | 'mutation' | 'stream',
    path: string,
    input: EncodedValue,
    options: AnyCallOptions,
    credit: () => number = () => 0,
  ): MakeRequest<OutgoingCall> {
    const { upload: source, lastEventId = null } = options;
    const fields = { kind, path: this.#pathText(path), input, credit, lastEventId };
    if (source === undefined) {
      const key = kind === 'mutation' ? this.#key(options) : null;
      return (deadline, observer) => new OutgoingCall({ ...fields, key, deadline, observer });
    }
    const upload = new Upload(source, this.#connection.session);
    const kindOfUpload = givesItems(kind) ? 'duplex' : 'upload';
    return (deadline, observer) =>
      new OutgoingCall({ ...fields, kind: kindOfUpload, upload, deadline, observer: blaming(upload, observer) });
  }

  /** @throws {UsageError} `BAD_OPTION`; inside a promise's executor that is its rejection. */
  #start<Request extends OutgoingCall | PublishRequest>(
    make: MakeRequest<Request>,
    options: CallOptions,
    defaultTimeoutMs: number,
    observer: CallObserver,
  ): Request | null {
    const { session, isClosed, status } = this.#connection;
    const { timeoutMs = defaultTimeoutMs, signal } = options;
    if (!(timeoutMs > 0)) throw new UsageError('BAD_OPTION', `timeoutMs must be above 0, or Infinity: ${timeoutMs}`);
    if (signal?.aborted) {
      observer.fail(notSent('ABORTED', 'the signal had fired before the call', signal.reason));
      return null;
    }
    if (isClosed) {
      observer.fail(notSent('DISCONNECTED', 'the client is closed', status.error));
      return null;
    }
    const remainingMs = signal ? remainingMsOf(signal) : Number.POSITIVE_INFINITY;
    if (remainingMs <= 0) {
      observer.fail(notSent('TIMEOUT', 'the deadline of the call it was made for has passed', undefined));
      return null;
    }
    const now = this.#connection.now();
    const abort = (): void => session.calls.cancel(request, 'ABORTED', 'the caller gave the call up', signal?.reason);
    const request: Request = make(
      now + Math.min(timeoutMs, remainingMs),
      signal ? abortable(observer, signal, abort) : observer,
    );
    session.start(request, now);
    this.#connection.deadlinesChanged();
    return request;
  }

  /** @throws {UsageError} `BAD_OPTION`; inside a promise's executor that is its rejection. */
  #key({ idempotencyKey: key }: MutateOptions): string | null {
    if (key === undefined) return null;
    if (key === true) return this.#settings.environment.createId();
    if (typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH) return key;
    throw new UsageError('BAD_OPTION', `idempotencyKey must be true, or text of 1 to ${MAX_KEY_LENGTH} characters`);
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

/** Goes on at once, but with a Blob: its contents have to be read first, and what is called meanwhile overtakes it. */
function whenEncoded(
  encoded: EncodedValue | Promise<EncodedValue>,
  { fail }: Pick<CallObserver, 'fail'>,
  send: (value: EncodedValue) => void,
): void {
  if (isEncoded(encoded)) return send(encoded);
  encoded.then(send).catch((error: Error) => {
    fail(error.name === 'UsageError' ? (error as CallError) : notSent('UNREADABLE', error.message, error));
  });
}

export function notSent(
  code: 'ABORTED' | 'DISCONNECTED' | 'TIMEOUT' | 'UNREADABLE',
  message: string,
  cause: unknown,
): CallError {
  return new CallError(code, message, { data: undefined, delivery: 'not-sent', cause });
}

/** A call that broke off because its source failed names the failure as the cause. */
function blaming(upload: Upload, observer: CallObserver): CallObserver {
  const fail = (error: CallError): void => {
    if (error.code !== 'ABORTED' || upload.error === undefined) return observer.fail(error);
    const { data, delivery } = error;
    observer.fail(new CallError('ABORTED', error.message, { data, delivery, cause: upload.error }));
  };
  return { ...observer, fail };
}
