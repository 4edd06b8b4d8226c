import { DeflatingOutput, type MessageDeflate, type Opcode, type OutputStep } from '@typewire/frame';
import { allocate, nodeText } from './node-environment.ts';
import type { PreparedMessage } from './prepared.ts';
import { MAX_COPIED_BYTES, type WriteQueue } from './write-queue.ts';

/** Told by {@link CompressedQueue}. */
export interface CompressionObserver {
  /** Nothing waits for zlib any more. */
  compressionIdle(): void;
  /** What waited could not be sent, and never will be. */
  compressionFailed(cause: unknown): void;
}

/** A {@link DeflatingOutput} before a {@link WriteQueue}, which also takes prepared messages. */
export class CompressedQueue extends DeflatingOutput {
  readonly #queue: WriteQueue;
  readonly #deflate: MessageDeflate;

  constructor(queue: WriteQueue, deflate: MessageDeflate, observer: CompressionObserver) {
    super(queue, {
      deflate,
      text: nodeText,
      allocate,
      maxCopiedBytes: MAX_COPIED_BYTES,
      onIdle: () => observer.compressionIdle(),
      onFailure: (cause) => observer.compressionFailed(cause),
    });
    this.#queue = queue;
    this.#deflate = deflate;
  }

  override text(text: string): void {
    super.text(text);
    this.#notCalm();
  }

  override bytes(opcode: Opcode, payload: Uint8Array): void {
    super.bytes(opcode, payload);
    this.#notCalm();
  }

  override step(step: OutputStep): void {
    super.step(step);
    this.#notCalm();
  }

  /** As {@link WriteQueue.prepared}, compressed once for all connections that do it in the same way. */
  prepared(message: PreparedMessage): void {
    if (!this.busy && this.#sendPrepared(message)) return;
    this.step({
      bytes: message.frame.length,
      run: (ready) => {
        if (this.#sendPrepared(message)) return null;
        return message.deflateAside(this.#deflate, (deflated) => ready(() => this.#queue.prepared(deflated)));
      },
    });
  }

  /** Runs `last` behind everything that was sent. */
  behind(last: () => void): void {
    this.step({
      bytes: 0,
      run: () => {
        last();
        return null;
      },
    });
  }

  #sendPrepared(message: PreparedMessage): boolean {
    const deflated = message.for(this.#deflate);
    if (deflated !== null) this.#queue.prepared(deflated);
    return deflated !== null;
  }

  /** Whoever sends must look at what waits here, too. */
  #notCalm(): void {
    if (this.busy) this.#queue.calm = false;
  }
}
