import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { seededRandom } from '@typewire/testing';

/**
 * - `cut`: both sides get a FIN in mid message.
 * - `reset`: both sides get a reset.
 * - `swallow`: as `cut`, and a whole chunk is lost before it.
 * - `half`: the client learns of the end first, the server behind what is still on its way.
 * - `half-close`: one side gets a FIN and is still read.
 * - `stall`: nothing passes for a while, and nobody is told; then all of it does.
 */
export const allFaults = ['cut', 'reset', 'swallow', 'half', 'half-close', 'stall'] as const;
export type Fault = (typeof allFaults)[number];

export interface FaultyProxyOptions {
  readonly seed: number;
  /** Mean of the bytes that pass until a connection breaks; the spread is exponential. */
  readonly meanBytes: number;
  readonly faults: readonly Fault[];
  /** Longest stall, in milliseconds. @default 0 */
  readonly maxStallMs?: number;
}

export interface FaultyProxy {
  readonly port: number;
  /** Where connections lead to from now on; `null` refuses them. */
  target: number | null;
  /** Faults so far, by kind. */
  readonly struck: ReadonlyMap<Fault, number>;
  /** From now on everything passes. */
  heal(): void;
  close(): Promise<void>;
}

/** A TCP proxy that breaks each connection after a random number of bytes, and until then re-chunks what it passes on. */
export async function startFaultyProxy(target: number, options: FaultyProxyOptions): Promise<FaultyProxy> {
  const random = seededRandom(options.seed);
  const struck = new Map<Fault, number>();
  const pipes = new Set<FaultyPipe>();
  let isFaulty = true;

  // Half-open, so that a FIN is passed on when this proxy says so and not when Node does.
  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    if (proxy.target === null) return void client.destroy();
    const pipe = new FaultyPipe(client, proxy.target, random, options, (fault) => {
      struck.set(fault, (struck.get(fault) ?? 0) + 1);
    });
    if (!isFaulty) pipe.heal();
    pipes.add(pipe);
    pipe.whenClosed(() => pipes.delete(pipe));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    struck,
    heal() {
      isFaulty = false;
      for (const pipe of pipes) pipe.heal();
    },
    async close() {
      for (const pipe of pipes) pipe.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/** One connection through the proxy. */
class FaultyPipe {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #random: () => number;
  readonly #meanBytes: number;
  readonly #maxStallMs: number;
  readonly #fault: Fault;
  readonly #onStrike: (fault: Fault) => void;
  #budget: number;
  #isHealed = false;
  /** What a stall holds back, in order; `null` while there is none. */
  #held: Array<() => void> | null = null;
  #release: NodeJS.Timeout | undefined;

  constructor(
    client: Socket,
    target: number,
    random: () => number,
    { meanBytes, faults, maxStallMs = 0 }: FaultyProxyOptions,
    onStrike: (fault: Fault) => void,
  ) {
    this.#client = client;
    this.#upstream = connect({ port: target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.#random = random;
    this.#maxStallMs = maxStallMs;
    this.#fault = faults[Math.floor(random() * faults.length)] ?? 'cut';
    this.#onStrike = onStrike;
    this.#meanBytes = meanBytes;
    this.#budget = this.#drawBudget();
    this.#join(client, this.#upstream);
    this.#join(this.#upstream, client);
  }

  whenClosed(listener: () => void): void {
    this.#client.once('close', listener);
  }

  heal(): void {
    this.#isHealed = true;
    // One that has struck stays struck.
    if (this.#budget > 0) this.#budget = Number.POSITIVE_INFINITY;
  }

  destroy(): void {
    clearTimeout(this.#release);
    for (const socket of [this.#client, this.#upstream]) socket.destroy();
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => this.#pass(to, chunk));
    from.on('end', () => this.#do(() => to.end()));
    from.on('error', () => {});
    // A side that is gone is told to the other behind what is on its way; while stalled, nobody hears of anything.
    from.on('close', () => this.#do(() => to.destroySoon()));
  }

  #pass(to: Socket, chunk: Buffer): void {
    if (this.#held !== null) return this.#do(() => to.write(chunk));
    if (this.#budget <= 0) {
      // The way back of a connection that was closed in one direction.
      if (this.#fault === 'half-close' && to.writable) to.write(chunk);
      return;
    }
    this.#budget -= chunk.length;
    const isLast = this.#budget <= 0;
    const passed = isLast ? chunk.subarray(0, chunk.length + this.#budget) : chunk;
    const cut = Math.floor(this.#random() * passed.length);
    // A fault that swallows loses the whole chunk, not only its end; one that stalls loses nothing.
    if (this.#fault === 'stall' && isLast) this.#strike(to);
    if (this.#fault === 'stall') return this.#do(() => to.write(chunk));
    if (!isLast || this.#fault !== 'swallow') {
      for (const part of [passed.subarray(0, cut), passed.subarray(cut)]) to.write(part);
    }
    if (isLast) this.#strike(to);
  }

  #strike(to: Socket): void {
    this.#onStrike(this.#fault);
    switch (this.#fault) {
      case 'reset':
        for (const socket of [this.#client, this.#upstream]) socket.resetAndDestroy();
        return;
      case 'half':
        this.#client.destroy();
        this.#upstream.end();
        return;
      case 'half-close':
        to.end();
        return;
      case 'stall':
        this.#held = [];
        this.#release = setTimeout(() => this.#goOn(), this.#random() * this.#maxStallMs);
        return;
      case 'cut':
      case 'swallow':
        return this.destroy();
    }
  }

  #drawBudget(): number {
    return Math.ceil(-Math.log(1 - this.#random()) * this.#meanBytes);
  }

  /** Now, or when the stall is over. */
  #do(action: () => void): void {
    if (this.#held === null) action();
    else this.#held.push(action);
  }

  #goOn(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#budget = this.#isHealed ? Number.POSITIVE_INFINITY : this.#drawBudget();
    for (const action of held) action();
  }
}
