import { type CallError, type ItemStream, isCallError } from '@typewire/core';
import { reportUncaught } from '../events.ts';
import { Audience } from './audience.ts';
import { EventLog } from './event-log.ts';

/** `connecting` until the first item, `live` from then on; `done` when the server has sent all, `error` when it failed. */
export type StreamStatus = 'connecting' | 'live' | 'done' | 'error';

/** A stream that is read while views of it are listened to: one call for all of them. */
export class FollowedStream<Item> {
  readonly audience: Audience;
  readonly log: EventLog<Item> = new EventLog(0);
  /** Grows with each change. */
  version = 0;
  status: StreamStatus = 'connecting';
  error: CallError | null = null;
  readonly #open: () => ItemStream<Item>;
  #stream: ItemStream<Item> | null = null;

  constructor(open: () => ItemStream<Item>, schedule: (tell: () => void) => unknown) {
    this.#open = open;
    this.audience = new Audience({ begin: () => this.#start(), end: () => this.#stop() }, schedule);
  }

  /** A view wants that much, and listens from now on. */
  listen(keep: number, listener: () => void): () => void {
    this.log.keep = Math.max(this.log.keep, keep);
    return this.audience.subscribe(listener);
  }

  /** Asks anew: what has come is forgotten. Nothing while nobody listens. */
  readonly restart = (): void => {
    if (this.#stream === null) return;
    const { keep } = this.log;
    this.#stop();
    this.log.keep = keep;
    this.#start();
    this.audience.changed();
  };

  #start(): void {
    const stream = this.#open();
    this.#stream = stream;
    this.#read(stream).catch(reportUncaught);
  }

  async #read(stream: ItemStream<Item>): Promise<void> {
    try {
      for await (const item of stream) {
        if (this.#stream !== stream) return;
        this.log.push(item);
        this.#changed('live');
      }
      if (this.#stream === stream) this.#changed('done');
    } catch (error) {
      if (this.#stream !== stream) return;
      if (!isCallError(error)) throw error;
      this.error = error;
      this.#changed('error');
    }
  }

  /** Leaving cancels on the server, also one that has not given anything yet. */
  #stop(): void {
    const stream = this.#stream;
    this.#stream = null;
    this.status = 'connecting';
    this.error = null;
    this.log.keep = 0;
    this.log.clear();
    this.version++;
    stream?.return().catch(reportUncaught);
  }

  #changed(status: StreamStatus): void {
    this.status = status;
    this.version++;
    this.audience.changed();
  }
}
