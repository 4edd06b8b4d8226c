import type { EncodedMessage } from '../message/binary.ts';
import { encodeAbort, encodeFinish } from '../message/encode.ts';
import { thrownText } from '../thrown-text.ts';
import type { ItemFlow } from './item-flow.ts';

/** What may be sent upwards: an async iterable, as a `ReadableStream` is, or a plain one. */
export type UploadSource<Chunk> = AsyncIterable<Chunk> | Iterable<Chunk>;

/** What an upload needs of its session. */
export interface UploadHost {
  send(message: EncodedMessage): void;
  /** What `sendChunks` does. An upload breaks off when it cannot begin. */
  sendChunks(id: number, source: UploadSource<unknown>, flow: ItemFlow): Promise<'ended' | 'over'>;
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
    this.#host.sendChunks(id, this.#source, this).then(
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
