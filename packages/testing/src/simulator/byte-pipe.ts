import type { Dice } from './dice.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** How long bytes are under way, in milliseconds. */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** What comes out of a pipe, in the order in which it was put in. */
export interface PipeReader {
  opened(): void;
  bytes(chunk: Uint8Array): void;
  ended(): void;
}

type Parcel = { at: number } & (
  | { readonly type: 'opened' }
  | { readonly type: 'bytes'; bytes: Uint8Array }
  | { readonly type: 'ended' }
);

/** What the systems of both ends and the network hold; more than this waits in the sender's process. */
const WINDOW_BYTES = 4_096;

/**
 * One direction of a TCP connection: bytes arrive in order, after a delay that varies, in other pieces than they were
 * sent in. It can stall, and go on; once it is lost, nothing comes out any more, and nothing says so.
 */
export class BytePipe {
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #reader: PipeReader;
  readonly #process: VirtualProcess;
  readonly #latency: Latency;
  readonly #parcels: Parcel[] = [];
  #bytes = 0;
  #lastArrival = 0;
  #isStalled = false;
  #isPaused = false;
  #isLost = false;
  #isScheduled = false;

  constructor(clock: VirtualClock, dice: Dice, latency: Latency, process: VirtualProcess, reader: PipeReader) {
    this.#clock = clock;
    this.#dice = dice;
    this.#latency = latency;
    this.#process = process;
    this.#reader = reader;
  }

  /** Bytes that have not left the sender's process. */
  get bufferedBytes(): number {
    return Math.max(0, this.#bytes - WINDOW_BYTES);
  }

  open(): void {
    this.#put({ at: this.#arrival(), type: 'opened' });
  }

  write(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#put({ at: this.#arrival(), type: 'bytes', bytes });
  }

  end(): void {
    this.#put({ at: this.#arrival(), type: 'ended' });
  }

  setStalled(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.#schedule();
  }

  /** The receiver does not read. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#schedule();
  }

  /** For good. */
  lose(): void {
    this.#isLost = true;
  }

  #arrival(): number {
    const { minMs, maxMs } = this.#latency;
    this.#lastArrival = Math.max(this.#lastArrival, this.#clock.now() + minMs + this.#dice.random() * (maxMs - minMs));
    return this.#lastArrival;
  }

  #put(parcel: Parcel): void {
    this.#parcels.push(parcel);
    this.#schedule();
  }

  #schedule(): void {
    const first = this.#parcels[0];
    if (first === undefined || this.#isScheduled || this.#isStalled || this.#isPaused || this.#isLost) return;
    this.#isScheduled = true;
    this.#clock.schedule(first.at, () => this.#process.run(() => this.#deliver()));
  }

  #deliver(): void {
    this.#isScheduled = false;
    const first = this.#parcels[0];
    if (first === undefined || this.#isStalled || this.#isPaused || this.#isLost) return;
    if (first.at > this.#clock.now()) return this.#schedule();
    this.#parcels.shift();
    if (first.type === 'bytes') this.#deliverBytes(first.bytes);
    else if (first.type === 'opened') this.#reader.opened();
    else this.#reader.ended();
    this.#schedule();
  }

  /** Joined with what has arrived as well, or cut somewhere: the stream has no other borders than its frames. */
  #deliverBytes(bytes: Uint8Array): void {
    let chunk = bytes;
    for (let next = this.#parcels[0]; next?.type === 'bytes' && next.at <= this.#clock.now(); next = this.#parcels[0]) {
      chunk = joined(chunk, next.bytes);
      this.#parcels.shift();
    }
    if (chunk.length > 1 && this.#dice.chance(0.1)) {
      const cut = this.#dice.between(1, chunk.length - 1);
      this.#parcels.unshift({ at: this.#clock.now() + this.#dice.random(), type: 'bytes', bytes: chunk.slice(cut) });
      chunk = chunk.slice(0, cut);
    }
    this.#bytes -= chunk.length;
    this.#reader.bytes(chunk);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
