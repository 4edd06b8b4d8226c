import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeAbort, encodeChunk, encodeFinish } from '../message/encode.ts';
import type { Serializer } from '../message/serializer.ts';
import { encodeValue, isEncoded } from '../message/value.ts';
import type { ItemFlow } from './item-flow.ts';
import { ItemPace, type PaceHost } from './item-pace.ts';
import { sendItems } from './send-items.ts';

/** What may be sent upwards: an async iterable, as a `ReadableStream` is, or a plain one. */
export type UploadSource<Chunk> = AsyncIterable<Chunk> | Iterable<Chunk>;

/** What sending an upload needs of its session. */
export interface UploadHost extends PaceHost {
  readonly serializer: Serializer;
  send(message: EncodedMessage): void;
}

/** Longest text of why an upload broke off, in UTF-16 units. */
const MAX_REASON_LENGTH = 500;

/**
 * The chunks of a call on their way to whoever runs it. Nothing is read from the source before the callee asks for it
 * with `grant`, and never more than it has asked for. protocol: "Upload".
 */
export class Upload implements ItemFlow {
  credit = 0;
  onCredit: (() => void) | null = null;
  /** What the source failed with; `undefined` while it has not. */
  error: unknown;
  readonly #source: UploadSource<unknown>;
  readonly #host: UploadHost;
  #isStarted = false;
  #isOver = false;
  #onOver: Array<() => void> = [];

  constructor(source: UploadSource<unknown>, host: UploadHost) {
    this.#source = source;
    this.#host = host;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  whenOver(listener: () => void): () => void {
    this.#onOver.push(listener);
    return () => {
      this.#onOver = this.#onOver.filter((other) => other !== listener);
    };
  }

  /** The callee of call `id` takes `credit` more chunks. */
  grant(id: number, credit: number): void {
    this.credit = Math.min(this.credit + credit, Number.MAX_SAFE_INTEGER);
    this.onCredit?.();
    if (this.#isStarted || this.#isOver) return;
    this.#isStarted = true;
    const pass = (value: EncodedValue): void => this.#host.send(encodeChunk(id, value));
    const send = (chunk: unknown): void | Promise<void> => {
      const encoded = encodeValue(this.#host.serializer, chunk, 'chunk');
      if (isEncoded(encoded)) return pass(encoded);
      return encoded.then((value) => {
        // While a Blob was read, the call may have ended with its session: its id is another's then.
        if (!this.#isOver) pass(value);
      });
    };
    sendItems(this.#source, this, new ItemPace(this.#host, this), send).then(
      (outcome) => outcome === 'ended' && this.#leave(encodeFinish(id)),
      (error: unknown) => {
        this.error = error;
        this.#leave(encodeAbort(id, String(error).slice(0, MAX_REASON_LENGTH)));
      },
    );
  }

  /** Nobody reads any more: the source is left. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const listeners = this.#onOver;
    this.#onOver = [];
    for (const listener of listeners) listener();
  }

  #leave(text: string): void {
    if (this.#isOver) return;
    this.#host.send(text);
    this.stop();
  }
}
