import { type CallError, callFailure, ProtocolError } from '../errors.ts';
import type { ItemFlow } from './item-flow.ts';
import { StreamReader } from './stream-reader.ts';

/** A call this end runs for its peer. */
export class IncomingCall implements ItemFlow {
  readonly id: number;
  /** In the environment's milliseconds; `Infinity` for none. Moves for a call that is repeated with more time. */
  deadline: number;
  readonly isStream: boolean;
  readonly isUpload: boolean;
  /** Of a stream: the id of the last item the caller has; `null` begins at the beginning. */
  lastEventId: string | null = null;
  /** Set by a stream that waits: more items may leave. */
  onCredit: (() => void) | null = null;
  /** Items that may still be sent. */
  credit: number;
  #incoming: StreamReader<unknown> | null = null;
  #chunksAreOver = false;
  #chunkError: CallError | null = null;
  #abortReason: AbortReason | null = null;
  /** Those who care; most calls have none, and then there is no list. */
  #onAbort: Array<(reason: AbortReason) => void> | null = null;

  /** `credit` is how many items the caller takes, `null` for a call that is answered once. */
  constructor(id: number, deadline: number, credit: number | null, isUpload: boolean) {
    this.id = id;
    this.deadline = deadline;
    this.isStream = credit !== null;
    this.isUpload = isUpload;
    this.credit = credit ?? 0;
  }

  get isOver(): boolean {
    return this.#abortReason !== null;
  }

  whenOver(listener: () => void): () => void {
    return this.whenAborted(listener);
  }

  /**
   * Begins to take the caller's chunks, `window` at most ahead of the reader. `grant` asks the caller for more, `stop`
   * tells it that no more are read. Asks for none when they are over already.
   */
  take(window: number, grant: (count: number) => void, stop: () => void): StreamReader<unknown> {
    const reader = new StreamReader<unknown>({ window, grant, cancel: stop });
    this.#incoming = reader;
    if (this.#chunksAreOver) reader.finish(this.#chunkError);
    else if (this.#abortReason !== null) this.#breakOff(this.#abortReason);
    else {
      grant(window);
      this.whenAborted((reason) => this.#breakOff(reason));
    }
    return reader;
  }

  /**
   * A chunk of the caller.
   *
   * @throws {ProtocolError} `MALFORMED` for one that was not asked for.
   */
  chunk(value: unknown): void {
    if (this.#incoming === null) throw new ProtocolError('MALFORMED', `a chunk of call ${this.id} beyond its credit`);
    this.#incoming.push(value);
  }

  /** The caller has sent all its chunks; with `error` it broke off. */
  finishChunks(error: CallError | null): void {
    // The first word counts: it is what the handler is told.
    if (this.#chunksAreOver) return;
    this.#chunksAreOver = true;
    this.#chunkError = error;
    this.#incoming?.finish(error);
  }

  /** What the caller broke off with, if it did. */
  get chunkError(): CallError | null {
    return this.#chunkError;
  }

  get abortReason(): AbortReason | null {
    return this.#abortReason;
  }

  /** Tells `listener` once, with the reason, unless the call is aborted already. The returned function takes it back. */
  whenAborted(listener: (reason: AbortReason) => void): () => void {
    this.#onAbort ??= [];
    this.#onAbort.push(listener);
    return () => {
      this.#onAbort = this.#onAbort?.filter((other) => other !== listener) ?? null;
    };
  }

  abort(reason: AbortReason): void {
    if (this.#abortReason !== null) return;
    this.#abortReason = reason;
    const listeners = this.#onAbort ?? [];
    this.#onAbort = null;
    for (const listener of listeners) listener(reason);
  }

  #breakOff(reason: AbortReason): void {
    const error = callFailure('ABORTED', `the call is over: ${reason}`, 'answered');
    this.#incoming?.finish(error);
  }
}

/** Why nobody waits for a call any more. */
export type AbortReason = 'cancelled' | 'timeout' | 'disconnected';
