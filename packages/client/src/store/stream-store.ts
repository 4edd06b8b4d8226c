import type { CallError, ItemStream } from '@typewire/core';
import type { CallOptions, StreamOptions } from '../options.ts';
import { soon } from './audience.ts';
import { checkKeep } from './channel-store.ts';
import { FollowedStream, type StreamStatus } from './followed-stream.ts';
import type { Store } from './store.ts';

/** A stream of a client's `api`. */
export interface StoredStream<Input, Item> {
  stream(input: Input, options?: CallOptions & StreamOptions): ItemStream<Item>;
}

export interface StreamStoreOptions extends StreamOptions, Pick<CallOptions, 'timeoutMs'> {
  /** Latest items that are kept. @default 1_000 */
  readonly keep?: number;
  /** Runs `tell` once, soon: what arrives until then is told together. @default a timer of 0 ms */
  readonly schedule?: (tell: () => void) => unknown;
}

/** What a view shows of a stream. A new object for each change, the same one as long as nothing has. */
export interface StreamState<Item> {
  /** Oldest first; at most `keep`. */
  readonly items: readonly Item[];
  /** The last of them; `undefined` before the first. */
  readonly latest: Item | undefined;
  /**
   * `idle` when nothing is asked for, `connecting` until the first item, `live` from then on; `done` when the server has
   * sent all, `error` when it failed.
   */
  readonly status: StreamStatus | 'idle';
  /** Why it failed; `null` otherwise. What had come before is still there. */
  readonly error: CallError | null;
  /** Asks anew: what has come is forgotten. For all views of the stream; nothing while nobody listens. */
  readonly restart: () => void;
}

/** The state of a stream of which nothing has come. */
export function emptyStreamState(status: 'idle' | 'connecting', restart: () => void): StreamState<never> {
  return { items: [], latest: undefined, status, error: null, restart };
}

/** A stream as views need it. It is read while somebody listens, and cancelled on the server when nobody does. */
export class StreamStore<Item> implements Store<StreamState<Item>> {
  readonly #stream: FollowedStream<Item>;
  readonly #keep: number;
  readonly #initial: StreamState<Item>;
  #state: StreamState<Item>;
  #version = 0;

  /** @internal Of several stores of one stream each shows as much as it keeps. */
  constructor(stream: FollowedStream<Item>, keep: number) {
    this.#stream = stream;
    this.#keep = keep;
    this.#initial = emptyStreamState('connecting', stream.restart);
    this.#state = this.#initial;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#stream.listen(this.#keep, listener);

  readonly snapshot = (): StreamState<Item> => {
    const { version, log, status, error, restart } = this.#stream;
    if (version === this.#version) return this.#state;
    this.#version = version;
    const { events: items, latest } = log.read(this.#keep);
    this.#state = { items, latest, status, error, restart };
    return this.#state;
  };

  readonly serverSnapshot = (): StreamState<Item> => this.#initial;
}

/**
 * A store of one stream: `streamStore(wire.api.complete, { prompt }, { keep: 50 })`.
 *
 * @throws {UsageError} `BAD_OPTION` for a `keep` that is no count above 0.
 */
export function streamStore<Input, Item>(
  procedure: StoredStream<Input, Item>,
  input: Input,
  { keep = 1_000, schedule = soon, ...options }: StreamStoreOptions = {},
): StreamStore<Item> {
  checkKeep(keep);
  return new StreamStore(new FollowedStream(() => procedure.stream(input, options), schedule), keep);
}
