import type { Duplex } from 'node:stream';

/** Node's handles tell how much of the write under way the system has not taken yet; undeclared, so optional. */
interface Handle {
  readonly writeQueueSize?: number;
  /** Of TLS: the handle of TCP below it. What TLS says of itself stays the same until all of a write is gone. */
  readonly _parent?: Handle | null;
}

interface HandledSocket {
  readonly _handle?: Handle | null;
}

/** How often within the timeout progress is looked for. */
const LOOKS_PER_TIMEOUT = 4;

/** The part of the timeout that also passes now and then with a peer that reads: radio links pause for seconds. */
const SLUGGISH_PART = 0.5;

/** Notices that a peer takes nothing of what waits for it. */
export class StallWatch {
  readonly #socket: Duplex;
  readonly #timeoutMs: number;
  /** When to look next; `Infinity` while nothing waits. */
  deadlineMs: number = Number.POSITIVE_INFINITY;
  #progressMs = 0;
  #takenBytes = 0;
  #underWayBytes = 0;

  constructor(socket: Duplex, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
  }

  /** Begins to watch, if it does not yet. */
  begin(nowMs: number, writtenBytes: number): void {
    if (this.deadlineMs !== Number.POSITIVE_INFINITY) return;
    this.#mark(nowMs, writtenBytes);
    this.deadlineMs = nowMs + this.#timeoutMs / LOOKS_PER_TIMEOUT;
  }

  /** Whether nothing was taken for the whole timeout. Otherwise sets the next deadline. */
  look(nowMs: number, writtenBytes: number): boolean {
    if (nowMs < this.deadlineMs) return false;
    this.deadlineMs = Number.POSITIVE_INFINITY;
    if (this.#socket.writableLength === 0) return false;
    if (this.#idleMs(nowMs, writtenBytes) >= this.#timeoutMs) return true;
    this.deadlineMs = nowMs + this.#timeoutMs / LOOKS_PER_TIMEOUT;
    return false;
  }

  /** Whether nothing was taken for so long that the peer may not have more than a little wait for it. */
  isSluggish(nowMs: number, writtenBytes: number): boolean {
    if (this.deadlineMs === Number.POSITIVE_INFINITY) return false;
    return this.#idleMs(nowMs, writtenBytes) >= this.#timeoutMs * SLUGGISH_PART;
  }

  /** Time since something was last seen to be taken. */
  #idleMs(nowMs: number, writtenBytes: number): number {
    const progressed = this.#taken(writtenBytes) > this.#takenBytes || this.#underWay() < this.#underWayBytes;
    if (progressed) this.#mark(nowMs, writtenBytes);
    return nowMs - this.#progressMs;
  }

  #mark(nowMs: number, writtenBytes: number): void {
    this.#progressMs = nowMs;
    this.#takenBytes = this.#taken(writtenBytes);
    this.#underWayBytes = this.#underWay();
  }

  #taken(writtenBytes: number): number {
    return writtenBytes - this.#socket.writableLength;
  }

  #underWay(): number {
    const handle = (this.#socket as HandledSocket)._handle;
    return (handle?._parent ?? handle)?.writeQueueSize ?? 0;
  }
}
