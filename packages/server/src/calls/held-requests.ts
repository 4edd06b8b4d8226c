import { ProtocolError } from '@typewire/core';
import {
  type CallerMessage,
  type EncodedMessage,
  encodeError,
  type IncomingCalls,
  MessageType,
  type SubscriberMessage,
} from '@typewire/core/internal';
import type { WireLimits } from '../options.ts';

/** How long a connection is not read at a stretch while none of its calls ends, in milliseconds. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * A transport that stops still brings what it has read: 64 KiB at a time, which a client that asks for much at once fills
 * with calls of 14 bytes and more, and compression makes many times as long. Only one that cannot stop brings more.
 */
const MAX_READ_REQUESTS = 8_192;
const MAX_READ_BYTES = 1_048_576;

/** Messages that ask for something that takes a place, or stands behind one that does. */
export type RequestMessage =
  | Extract<CallerMessage, readonly [16 | 20 | 24 | 31, ...unknown[]]>
  | Extract<SubscriberMessage, readonly [32 | 38 | 39, ...unknown[]]>;

/** Messages about a call that was made before. */
export type FollowingMessage = Exclude<CallerMessage, RequestMessage>;

/** The session whose requests are held. */
export interface HeldRequestsHost {
  readonly environment: { now(): number };
  readonly limits: Required<WireLimits>;
  readonly calls: IncomingCalls;
  /** What counts towards `maxCallsInFlight`. */
  readonly inFlight: number;
  /** Whether handlers wait for what the client says, so that it must be read from. */
  readonly isAwaited: boolean;
  begin(message: RequestMessage): void;
  follow(message: FollowingMessage): void;
  send(message: EncodedMessage): void;
  /** Stops reading from the client, or goes on. */
  pause(): void;
  resume(): void;
  /** The client broke the protocol with something it sent a while ago. */
  breakOff(error: ProtocolError): void;
}

interface Held {
  readonly message: RequestMessage;
  readonly size: number;
  readonly at: number;
  /** Of an upload: how its chunks ended, which may be said before the first is asked for. */
  end: FollowingMessage | null;
}

/**
 * What a client asks beyond the calls it may have in flight: read, and begun in order as others end. Reading goes on
 * meanwhile, because what frees a place may come from the client: a cancel, credit for a stream that a handler waits for,
 * an answer, fresh credentials. Only when as much is held as may be does it stop, and when no call has ended for a
 * while it goes on all the same: what is asked then is refused, so that a client whose calls wait for itself is heard.
 */
export class HeldRequests {
  readonly #host: HeldRequestsHost;
  readonly #requests: Map<number, Held> = new Map();
  #size = 0;
  #pausedAt = Number.POSITIVE_INFINITY;
  /** No call has ended during a whole pause. */
  #isStuck = false;
  #isBeginning = false;

  constructor(host: HeldRequestsHost) {
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  /**
   * Takes a request there is no place for. Its id counts from here on; `size` is what it came with, 0 behind the first of a
   * batch.
   *
   * @throws {ProtocolError} for an id that was used.
   */
  hold(message: RequestMessage, size: number): void {
    const [type, id] = message;
    this.#host.calls.takeId(id);
    if (this.#isFull && (this.#mustRead || this.#isFlooded)) {
      // Subscriptions have a limit of their own.
      if (type === MessageType.Subscribe) return this.#begin(message);
      return this.#host.send(encodeError(id, 'LIMIT_EXCEEDED', this.#refusal, ''));
    }
    const held = { message, size: size || JSON.stringify(message).length, at: this.#host.environment.now(), end: null };
    this.#requests.set(id, held);
    this.#size += held.size;
    this.pauseWhenFull();
  }

  /**
   * Takes a message about a held request; `false` when it is about another.
   *
   * @throws {ProtocolError} for a chunk: none was asked for.
   */
  follow(message: FollowingMessage): boolean {
    const [type, id] = message;
    const held = this.#requests.get(id);
    if (held === undefined) return false;
    if (type === MessageType.Chunk) throw new ProtocolError('MALFORMED', `a chunk of call ${id} beyond its credit`);
    if (type === MessageType.Cancel) {
      this.#remove(id, held);
      this.#readWhenRoom();
    } else if (type !== MessageType.Credit) held.end ??= message;
    else if (held.message[0] === MessageType.Open || held.message[0] === MessageType.Upload) {
      const [, , , , credit] = held.message;
      const more = Math.min((credit ?? 0) + message[2], Number.MAX_SAFE_INTEGER);
      if (credit !== null) (held.message as unknown[])[4] = more;
    }
    return true;
  }

  /** Something has ended: what is held begins as far as there is room. */
  beginNext(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    try {
      for (const [id, held] of this.#requests) {
        if (this.#host.inFlight >= this.#host.limits.maxCallsInFlight) break;
        this.#remove(id, held);
        this.#beginHeld(held);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#host.breakOff(error);
    } finally {
      this.#isBeginning = false;
    }
    this.#readWhenRoom();
  }

  pauseWhenFull(): void {
    if (!this.#isFull || this.#mustRead) return this.#read();
    if (this.#pausedAt !== Number.POSITIVE_INFINITY) return;
    this.#pausedAt = this.#host.environment.now();
    this.#host.pause();
  }

  /** There is another connection, which is read from; or none. */
  reattached(): void {
    this.#pausedAt = Number.POSITIVE_INFINITY;
    this.#isStuck = false;
    this.pauseWhenFull();
  }

  tick(now: number): void {
    if (now < this.#pausedAt + LONGEST_PAUSE_MS) return;
    this.#isStuck = true;
    this.#read();
  }

  /** The session is over. */
  clear(): void {
    this.#requests.clear();
  }

  get #isFull(): boolean {
    const { maxHeldCalls, maxHeldBytes } = this.#host.limits;
    return this.#requests.size >= maxHeldCalls || this.#size >= maxHeldBytes;
  }

  /** More has come than whoever was told to stop had read already. */
  get #isFlooded(): boolean {
    const { maxHeldCalls, maxHeldBytes } = this.#host.limits;
    return this.#requests.size >= maxHeldCalls + MAX_READ_REQUESTS || this.#size >= maxHeldBytes + MAX_READ_BYTES;
  }

  get #mustRead(): boolean {
    return this.#isStuck || this.#host.isAwaited;
  }

  get #refusal(): string {
    const { maxCallsInFlight } = this.#host.limits;
    const why = this.#host.isAwaited ? ' while their handlers wait for answers of the caller' : '';
    const held = `and ${this.#requests.size} more held`;
    return `more than ${maxCallsInFlight} calls in flight${why}, ${held}: see the options limits.maxCallsInFlight and limits.maxHeldCalls`;
  }

  #beginHeld({ message, at, end }: Held): void {
    const [type, id] = message;
    if (type < MessageType.Subscribe) {
      const timeoutMs = message[3] as number;
      const waitedMs = this.#host.environment.now() - at;
      if (timeoutMs > 0 && timeoutMs <= waitedMs) {
        const text = 'the call waited for others until its time was over: see the option limits.maxCallsInFlight';
        return this.#host.send(encodeError(id, 'TIMEOUT', text, ''));
      }
      // Its time counts from its arrival.
      if (timeoutMs > 0) (message as unknown[])[3] = timeoutMs - waitedMs;
    }
    this.#begin(message);
    if (end !== null) this.#host.follow(end);
  }

  #begin(message: RequestMessage): void {
    this.#host.calls.beginLate(message[1], () => this.#host.begin(message));
  }

  #remove(id: number, held: Held): void {
    this.#requests.delete(id);
    this.#size -= held.size;
  }

  #readWhenRoom(): void {
    if (this.#isFull) return;
    this.#isStuck = false;
    this.#read();
  }

  #read(): void {
    if (this.#pausedAt === Number.POSITIVE_INFINITY) return;
    this.#pausedAt = Number.POSITIVE_INFINITY;
    this.#host.resume();
  }
}
