import type { CallPromise } from '../contract/procedure.ts';
import type { Environment } from '../environment.ts';
import { type CallError, callFailure, UsageError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeCredit } from '../message/encode.ts';
import { MAX_KEY_LENGTH } from '../message/limits.ts';
import type { Serializer } from '../message/serializer.ts';
import { encodeValue, isEncoded } from '../message/value.ts';
import type { CallTable } from './call-table.ts';
import type { IncomingCall } from './incoming-call.ts';
import { ItemStream } from './item-stream.ts';
import { type CallObserver, OutgoingCall, type OutgoingRequest } from './outgoing-call.ts';
import { remainingMsOf } from './remaining-time.ts';
import { StreamReader } from './stream-reader.ts';
import type { Upload, UploadSource } from './upload.ts';

/** As much of an `AbortSignal` as a call needs. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What a call of any kind may be given. */
export interface CallSettings {
  readonly signal?: CallSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly upload?: UploadSource<unknown> | undefined;
  readonly lastEventId?: string | null | undefined;
  /** `true` makes one. Of a mutation. */
  readonly idempotencyKey?: string | true | undefined;
  /** A call of the peer that this one is made for: it ends with it, and has no more time than it. */
  readonly within?: IncomingCall | undefined;
}

/** What making calls needs of its session. */
export interface CallerHost {
  readonly serializer: Serializer;
  readonly environment: Pick<Environment, 'now' | 'createId'>;
  readonly calls: CallTable;
  send(message: EncodedMessage): void;
  /** Gets ready to send chunks, where calls may have some. Rejects with a `CallError`. */
  readonly beginUpload?: (source: UploadSource<unknown>) => Promise<Upload>;
  /** Why nothing can be called any more; `null` while it can. */
  readonly refusal: CallError | null;
  /** Sends a request, or keeps it for a connection. */
  start(request: OutgoingRequest, now: number): void;
}

export interface CallerOptions {
  /** Longest wait for an answer, in milliseconds. Streams have none. */
  readonly callTimeoutMs: number;
  /** Items a stream may be ahead of its reader. */
  readonly streamWindow: number;
}

/** `value` is what `encodeValue` made of what the request brings, `null` until a Blob of it has been read. */
type MakeRequest<Request> = (deadline: number, observer: CallObserver, value: EncodedValue | null) => Request;

/** A call is answered with a result or with items: the table lets no answer of the other kind through. */
const never = (): void => {};

/** Makes calls: promises for those that are answered once, iterators for streams. */
export class Caller {
  readonly #host: CallerHost;
  readonly #options: CallerOptions;
  /** Paths as JSON text: a program calls few, and often. */
  readonly #paths: Map<string, string> = new Map();

  constructor(host: CallerHost, options: CallerOptions) {
    this.#host = host;
    this.#options = options;
  }

  call(
    kind: 'query' | 'mutation',
    path: string,
    input: unknown,
    settings: CallSettings = {},
  ): CallPromise<unknown, never> {
    return new Promise((resolve, reject) => {
      const observer = { result: resolve, fail: reject, item: never, end: never };
      this.#begin(kind, path, input, settings, this.#options.callTimeoutMs, observer);
    });
  }

  stream(path: string, input: unknown, settings: CallSettings = {}): ItemStream<unknown> {
    let call: OutgoingCall | null = null;
    const reader = new StreamReader<unknown>({
      window: this.#options.streamWindow,
      grant: (count) => {
        if (call !== null && call.id > 0) this.#host.send(encodeCredit(call.id, count));
      },
      cancel: () => {
        if (call !== null) this.#host.calls.cancel(call, 'ABORTED', 'the reader left the stream');
      },
    });
    const observer: CallObserver = {
      item: (value) => reader.push(value),
      end: () => reader.finish(null),
      fail: (error) => reader.finish(error),
      result: never,
    };
    const start = (): void => {
      call = this.#begin('stream', path, input, settings, Number.POSITIVE_INFINITY, observer, () => reader.credit);
    };
    return new ItemStream(reader, start, () => call?.lastEventId ?? settings.lastEventId ?? null);
  }

  /** What `encodeValue` makes of a value, for `start`: a Blob that cannot be read fails the request, and nothing else. */
  encode(value: unknown, name: string): EncodedValue | Promise<EncodedValue> {
    const encoded = encodeValue(this.#host.serializer, value, name);
    if (!isEncoded(encoded)) encoded.catch(never);
    return encoded;
  }

  /**
   * Sends a request, or keeps it for a connection; one whose Blobs are read first is overtaken by what is called meanwhile.
   *
   * @throws {UsageError} `BAD_OPTION`; inside a promise's executor that is its rejection.
   */
  start<Request extends OutgoingRequest>(
    make: MakeRequest<Request>,
    { signal, timeoutMs: givenMs, within }: CallSettings,
    defaultTimeoutMs: number,
    observer: CallObserver,
    value: EncodedValue | Promise<EncodedValue>,
  ): Request | null {
    const { calls, refusal } = this.#host;
    const timeoutMs = givenMs ?? defaultTimeoutMs;
    if (!(timeoutMs > 0)) throw new UsageError('BAD_OPTION', `timeoutMs must be above 0, or Infinity: ${timeoutMs}`);
    const now = this.#host.environment.now();
    const remainingMs = Math.min(
      signal ? remainingMsOf(signal) : Number.POSITIVE_INFINITY,
      within ? within.deadline - now : Number.POSITIVE_INFINITY,
    );
    const early =
      signal?.aborted || within?.isOver
        ? notSent('ABORTED', 'the signal had fired before the call', signal?.reason)
        : (refusal ??
          (remainingMs > 0
            ? null
            : notSent('TIMEOUT', 'the deadline of the call it was made for has passed', undefined)));
    if (early !== null) {
      observer.fail(early);
      return null;
    }
    const abort = (): void => calls.cancel(request, 'ABORTED', 'the caller gave the call up', signal?.reason);
    const observed = signal || within ? abortable(observer, signal, within, abort) : observer;
    const deadline = now + Math.min(timeoutMs, remainingMs);
    const request: Request = make(deadline, observed, isEncoded(value) ? value : null);
    this.#host.start(request, now);
    if (!isEncoded(value)) this.#sendOnceRead(request, calls, value);
    return request;
  }

  /** It may have its outcome, or its client another session, by the time it has been read. */
  #sendOnceRead(request: OutgoingRequest, calls: CallTable, value: Promise<EncodedValue>): void {
    value.then(
      (encoded) => {
        if (!calls.settle(request)) return;
        request.value = encoded;
        this.#host.start(request, this.#host.environment.now());
      },
      (error: Error) => {
        if (!calls.settle(request)) return;
        const isKnown = error.name === 'UsageError' || error.name === 'CallError';
        request.fail(isKnown ? (error as CallError) : notSent('UNREADABLE', error.message, error));
      },
    );
  }

  /** JSON text of a path. */
  pathText(path: string): string {
    let text = this.#paths.get(path);
    if (text === undefined) {
      text = JSON.stringify(path);
      this.#paths.set(path, text);
    }
    return text;
  }

  /** @throws {UsageError} `BAD_OPTION`; inside a promise's executor that is its rejection. */
  keyOf(key: string | true | undefined): string | null {
    if (key === undefined) return null;
    if (key === true) return this.#host.environment.createId();
    if (typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH) return key;
    throw new UsageError('BAD_OPTION', `idempotencyKey must be true, or text of 1 to ${MAX_KEY_LENGTH} characters`);
  }

  /** @throws {UsageError} `BAD_OPTION`; inside a promise's executor that is its rejection. */
  #begin(
    kind: 'query' | 'mutation' | 'stream',
    path: string,
    input: unknown,
    settings: CallSettings,
    defaultTimeoutMs: number,
    observer: CallObserver,
    credit: () => number = () => 0,
  ): OutgoingCall | null {
    const { upload: source, lastEventId = null, idempotencyKey } = settings;
    const key = kind === 'mutation' && source === undefined ? this.keyOf(idempotencyKey) : null;
    const fields = { kind, path: this.pathText(path), credit, lastEventId, key };
    let call: OutgoingCall | null = null;
    let value = this.encode(input, 'input');
    if (source !== undefined && this.#host.beginUpload !== undefined) {
      value = Promise.all([value, this.#host.beginUpload(source)]).then(([encoded, upload]) => {
        if (call !== null) call.upload = upload;
        return encoded;
      });
      value.catch(never);
    }
    call = this.start(
      (deadline, observed, encoded) => new OutgoingCall({ ...fields, input: encoded, deadline, observer: observed }),
      settings,
      defaultTimeoutMs,
      observer,
      value,
    );
    return call;
  }
}

type NotSentCode = 'ABORTED' | 'DISCONNECTED' | 'TIMEOUT' | 'UNREADABLE';

/** What refuses a call that was not sent. */
export function notSent(code: NotSentCode, message: string, cause: unknown): CallError {
  return callFailure(code, message, 'not-sent', cause);
}

/** Listens to the signal only while the call has no outcome: a signal may outlive thousands of calls. */
function abortable(
  observer: CallObserver,
  signal: CallSignal | undefined,
  within: IncomingCall | undefined,
  abort: () => void,
): CallObserver {
  signal?.addEventListener('abort', abort);
  const forget = within?.whenOver(abort);
  const settle =
    <Args extends unknown[]>(tell: (...args: Args) => void) =>
    (...args: Args): void => {
      signal?.removeEventListener('abort', abort);
      forget?.();
      tell(...args);
    };
  return {
    item: observer.item,
    result: settle(observer.result),
    end: settle(observer.end),
    fail: settle(observer.fail),
  };
}
