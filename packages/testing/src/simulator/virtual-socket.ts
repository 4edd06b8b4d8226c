import { BytePipe, type Latency, type PipeReader } from './byte-pipe.ts';
import type { Dice } from './dice.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** What one end of a socket is told. `gone` is the last call. */
export interface SocketReader extends PipeReader {
  /** `error` when the connection broke rather than ended. */
  gone(error: Error | null): void;
}

/** One end of a TCP connection. */
export class SocketEnd {
  readonly process: VirtualProcess;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #latency: Latency;
  readonly #pipe: BytePipe;
  /** What this end sends to. */
  peer: SocketEnd | null = null;
  reader: SocketReader | null = null;
  #hasEnded = false;
  #peerHasEnded = false;
  #isClosed = false;
  #isUnreachable = false;

  constructor(clock: VirtualClock, dice: Dice, latency: Latency, process: VirtualProcess) {
    this.#clock = clock;
    this.#dice = dice;
    this.#latency = latency;
    this.process = process;
    // What arrives here.
    this.#pipe = new BytePipe(clock, dice, latency, process, {
      opened: () => this.reader?.opened(),
      bytes: (chunk) => {
        if (!this.#isClosed) this.reader?.bytes(chunk);
      },
      ended: () => this.#peerEnded(),
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes sent from here that have not left this process. */
  get bufferedBytes(): number {
    return this.peer?.incoming.bufferedBytes ?? 0;
  }

  get incoming(): BytePipe {
    return this.#pipe;
  }

  open(): void {
    this.peer?.incoming.open();
  }

  write(bytes: Uint8Array): void {
    if (!this.#hasEnded && !this.#isClosed) this.peer?.incoming.write(bytes);
  }

  /** Sends the end of the stream, behind everything that was written. */
  end(): void {
    if (this.#hasEnded || this.#isClosed) return;
    this.#hasEnded = true;
    this.peer?.incoming.end();
    if (this.#peerHasEnded) this.#close(null);
  }

  /** Drops the connection; the peer is told unless the way there is lost. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#close(null);
    this.tellPeer();
  }

  /** The system tells the peer that there is nobody here any more. */
  tellPeer(): void {
    if (this.#isUnreachable) return;
    const { minMs, maxMs } = this.#latency;
    const delayMs = minMs + this.#dice.random() * (maxMs - minMs);
    this.#clock.schedule(this.#clock.now() + delayMs, () => this.peer?.fail('connection reset'));
  }

  /** This end learns that the connection is dead. */
  fail(message: string): void {
    this.process.run(() => {
      if (!this.#isClosed) this.#close(new Error(message));
    });
  }

  /** Nothing arrives here any more, and this end's own system does not know it. */
  lose(): void {
    this.#pipe.lose();
    if (this.peer !== null) this.peer.#isUnreachable = true;
  }

  #peerEnded(): void {
    if (this.#isClosed) return;
    this.#peerHasEnded = true;
    this.reader?.ended();
    if (this.#hasEnded) this.#close(null);
  }

  #close(error: Error | null): void {
    this.#isClosed = true;
    this.process.post(() => this.reader?.gone(error));
  }
}

/** Joins a client's process to a server's. */
export function virtualSocket(
  clock: VirtualClock,
  dice: Dice,
  latency: Latency,
  processes: readonly [client: VirtualProcess, server: VirtualProcess],
): readonly [client: SocketEnd, server: SocketEnd] {
  const client = new SocketEnd(clock, dice, latency, processes[0]);
  const server = new SocketEnd(clock, dice, latency, processes[1]);
  client.peer = server;
  server.peer = client;
  return [client, server];
}
