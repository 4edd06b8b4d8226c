import type { SharedMessage, Transport, TransportClose, TransportListener } from '@typewire/core';
import { cutReason } from '@typewire/core/internal';

/** One end of a memory pair: a transport, and what it has sent. */
export interface MemoryTransport extends Transport {
  /** Every text message sent from this end, in order. */
  readonly sent: readonly string[];
  /** Every binary message sent from this end, in order. */
  readonly sentBinary: readonly Uint8Array[];
  /** This end was closed, terminated or cut: nothing leaves it any more. */
  readonly isClosing: boolean;
  /** Bytes that `bufferedBytes` counts besides what is on its way: a slow reader, as a test wants it. @default 0 */
  congestion: number;
  /** Set before anything arrives. What arrives earlier waits. */
  listen(listener: TransportListener): void;
}

export interface MemoryPair {
  readonly left: MemoryTransport;
  readonly right: MemoryTransport;
  /** Nothing is delivered until `release`: the network stalls. */
  hold(): void;
  release(): void;
  /** Both ends lose the connection without a close frame; what was on its way is lost. */
  cut(): void;
}

type Delivery =
  | { readonly type: 'message'; readonly data: string | Uint8Array }
  | { readonly type: 'closed'; readonly event: TransportClose };

/** Two transports joined in memory. Messages arrive in order, each in a microtask of its own; none is ever dropped. */
export function memoryPair(): MemoryPair {
  const left = new Endpoint();
  const right = new Endpoint();
  left.peer = right;
  right.peer = left;
  const both = [left, right];
  return {
    left,
    right,
    hold: () => both.forEach((end) => end.setHeld(true)),
    release: () => both.forEach((end) => end.setHeld(false)),
    cut: () => both.forEach((end) => end.cut()),
  };
}

class Endpoint implements MemoryTransport {
  readonly sent: string[] = [];
  readonly sentBinary: Uint8Array[] = [];
  peer: Endpoint | null = null;
  #listener: TransportListener | null = null;
  #arrived: Delivery[] = [];
  #waitingBytes = 0;
  #congestion = 0;
  #held = false;
  #paused = false;
  #draining = false;
  #closing = false;
  #closed = false;

  get isClosing(): boolean {
    return this.#closing;
  }

  get bufferedBytes(): number {
    return this.#congestion + (this.peer?.waitingBytes ?? 0);
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get congestion(): number {
    return this.#congestion;
  }

  set congestion(bytes: number) {
    this.#congestion = bytes;
    this.tellDrained();
  }

  /** The other end has taken something. */
  tellDrained(): void {
    if (this.bufferedBytes === 0 && !this.#closed) this.#listener?.drained?.();
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#drain();
  }

  send(data: string | Uint8Array): void {
    if (this.#closing || this.#closed) return;
    if (typeof data === 'string') this.sent.push(data);
    else this.sentBinary.push(data);
    this.peer?.arrive({ type: 'message', data });
  }

  sendShared(message: SharedMessage): void {
    this.send(message.data);
  }

  close(code: number, reason: string): void {
    if (this.#closing || this.#closed) return;
    this.#closing = true;
    this.peer?.arrive({ type: 'closed', event: { code, reason: cutReason(reason) } });
  }

  terminate(): void {
    if (this.#closed) return;
    this.cut();
    this.peer?.arrive({ type: 'closed', event: { code: 1006, reason: '' } });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#drain();
  }

  setHeld(held: boolean): void {
    this.#held = held;
    this.#drain();
  }

  cut(): void {
    this.#arrived = [];
    this.#waitingBytes = 0;
    this.#closing = true;
    this.#arrived.push({ type: 'closed', event: { code: 1006, reason: '' } });
    this.#held = false;
    this.#paused = false;
    this.#drain();
  }

  arrive(delivery: Delivery): void {
    this.#arrived.push(delivery);
    if (delivery.type === 'message') this.#waitingBytes += delivery.data.length;
    this.#drain();
  }

  #drain(): void {
    if (this.#draining || this.#listener === null) return;
    this.#draining = true;
    queueMicrotask(() => {
      this.#draining = false;
      this.#deliverOne();
    });
  }

  #deliverOne(): void {
    if (this.#held || this.#closed || this.#listener === null) return;
    const next = this.#arrived[0];
    if (next === undefined || (this.#paused && next.type === 'message')) return;
    this.#arrived.shift();
    if (next.type === 'message') {
      this.#waitingBytes -= next.data.length;
      this.#listener.message(next.data);
      this.peer?.tellDrained();
    } else this.#end(next.event);
    this.#drain();
  }

  /** The close frame came: answer it, as a WebSocket does, unless this end began. */
  #end(event: TransportClose): void {
    this.#closed = true;
    if (!this.#closing) this.peer?.arrive({ type: 'closed', event });
    this.#closing = true;
    this.#listener?.closed(event);
  }
}
