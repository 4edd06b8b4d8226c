import type { CallError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeCall, encodeMutate, encodeOpen } from '../message/encode.ts';
import type { Upload } from './upload.ts';

/** What the maker of a call is told; values arrive revived. Exactly one of `result`, `end` and `fail` comes, last. */
export interface CallObserver {
  result(value: unknown): void;
  item(value: unknown): void;
  end(): void;
  fail(error: CallError): void;
}

/** A message of this end that the peer answers by id. */
export interface OutgoingRequest extends CallObserver {
  /** Given when it is sent, 0 before; a repeat on a new session gets a new one. */
  id: number;
  /** In the environment's milliseconds; `Infinity` waits for ever. */
  readonly deadline: number;
  /** Whether running it twice does no harm, so that a lost connection repeats it. */
  readonly repeatable: boolean;
  /** What answers it when it does not fail: one `result`, or any number of `item` and one `end`. */
  readonly answer: 'result' | 'items';
  /** Its size while it waits for a connection, in UTF-16 units, or bytes of what is binary. */
  readonly size: number;
  /** What `encodeValue` made of what it brings; `null` while a Blob of it is read, as long as which it waits. */
  value?: EncodedValue | null;
  encode(id: number, timeoutMs: number): EncodedMessage;
  /** An item that bears an id: where a stream can be gone on from. */
  tracked(eventId: string, value: unknown): void;
  /** Of one that asks for a topic's past: an event of it. */
  past?(event: unknown, offset: number, tag: number): void;
  /** The chunks it sends, if it sends any. */
  readonly upload: Upload | null;
}

export interface OutgoingCallOptions {
  readonly kind: 'query' | 'mutation' | 'stream';
  /** JSON text of the path. */
  readonly path: string;
  /** What `encodeValue` made of the input; `null` until a Blob of it has been read. */
  readonly input: EncodedValue | null;
  readonly deadline: number;
  /** Of a mutation: by it the server knows a repeat. `null` when it must not be repeated. */
  readonly key?: string | null;
  /** Items a stream may send before it must wait for more credit. */
  readonly credit: () => number;
  readonly observer: CallObserver;
  /** Of a stream: the id of the last item there was, to go on from. With it the stream is opened again by itself. */
  readonly lastEventId?: string | null;
}

/** A query, mutation or stream on its way. */
export class OutgoingCall implements OutgoingRequest {
  id = 0;
  readonly deadline: number;
  readonly answer: 'result' | 'items';
  /** Given with its value. Such a call is never repeated. */
  upload: Upload | null = null;
  value: EncodedValue | null;
  readonly #options: OutgoingCallOptions;
  #lastEventId: string | null;

  constructor(options: OutgoingCallOptions) {
    this.#options = options;
    this.deadline = options.deadline;
    this.value = options.input;
    this.#lastEventId = options.lastEventId ?? null;
    this.answer = options.kind === 'stream' ? 'items' : 'result';
  }

  get repeatable(): boolean {
    const { kind, key } = this.#options;
    // Chunks that were sent cannot be sent again.
    if (this.upload !== null) return false;
    return kind === 'query' || typeof key === 'string' || this.#lastEventId !== null;
  }

  get size(): number {
    return this.#options.path.length + (this.value?.length ?? 0);
  }

  encode(id: number, timeoutMs: number): EncodedMessage {
    const { kind, path, credit, key = null } = this.#options;
    const input = this.value ?? '';
    const isStream = kind === 'stream';
    if (this.upload !== null) return this.upload.encode(id, path, timeoutMs, isStream ? credit() : null, input);
    if (isStream) return encodeOpen(id, path, timeoutMs, credit(), JSON.stringify(this.#lastEventId || null), input);
    if (kind === 'mutation') return encodeMutate(id, path, timeoutMs, JSON.stringify(key), input);
    return encodeCall(id, path, timeoutMs, input);
  }

  /** Id of the last item that bore one. */
  get lastEventId(): string | null {
    return this.#lastEventId;
  }

  tracked(eventId: string, value: unknown): void {
    this.#lastEventId = eventId;
    this.#options.observer.item(value);
  }

  result(value: unknown): void {
    this.upload?.stop();
    this.#options.observer.result(value);
  }

  item(value: unknown): void {
    this.#options.observer.item(value);
  }

  end(): void {
    this.upload?.stop();
    this.#options.observer.end();
  }

  fail(error: CallError): void {
    this.upload?.stop();
    this.#options.observer.fail(this.upload === null ? error : this.upload.blamed(error));
  }
}
