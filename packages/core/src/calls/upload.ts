import { CallError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeAbort, encodeFinish, encodeUpload } from '../message/encode.ts';
import { thrownText } from '../thrown-text.ts';
import type { ItemFlow } from './item-flow.ts';
import { type ChunkHost, sendChunks } from './send-chunks.ts';

/** What may be sent upwards: an async iterable, as a `ReadableStream` is, or a plain one. */
export type UploadSource<Chunk> = AsyncIterable<Chunk> | Iterable<Chunk>;

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
  readonly #host: ChunkHost;
  #isStarted = false;
  #isOver = false;
  #onOver: Array<() => void> = [];

  constructor(source: UploadSource<unknown>, host: ChunkHost) {
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

  /** The call that the chunks belong to. `path` is JSON text; `credit` is `null` for one that is answered with a result. */
  encode(id: number, path: string, timeoutMs: number, credit: number | null, input: EncodedValue): EncodedMessage {
    return encodeUpload(id, path, timeoutMs, credit, input);
  }

  /** What the call fails with: one that broke off because its source failed names that as the cause. */
  blamed(error: CallError): CallError {
    if (error.code !== 'ABORTED' || this.error === undefined) return error;
    const { data, delivery } = error;
    return new CallError('ABORTED', error.message, { data, delivery, cause: this.error });
  }

  /** The callee of call `id` takes `credit` more chunks. */
  grant(id: number, credit: number): void {
    this.credit = Math.min(this.credit + credit, Number.MAX_SAFE_INTEGER);
    this.onCredit?.();
    if (this.#isStarted || this.#isOver) return;
    this.#isStarted = true;
    sendChunks(id, this.#source, this, this.#host).then(
      (outcome) => outcome === 'ended' && this.#leave(encodeFinish(id)),
      (error: unknown) => {
        this.error = error;
        this.#leave(encodeAbort(id, thrownText(error).slice(0, MAX_REASON_LENGTH)));
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
