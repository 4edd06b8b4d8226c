import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { Draft76Connection, type Draft76Limits } from '@typewire/frame/draft76';
import { type Deadlined, processDeadlines } from '../deadline-timer.ts';
import { callSafely } from '../listener-slot.ts';
import { allocate, nodeText } from '../node-environment.ts';

/** What a connection tells. */
export interface Draft76Events {
  message: [text: string];
  /** Once. There are no codes: `clean` means that both sides said goodbye. */
  closed: [event: { readonly clean: boolean; readonly error?: Error }];
}

/** One connection of draft-76: text both ways, no pings, no codes. For museums and old devices. */
export class Draft76Socket extends EventEmitter<Draft76Events> implements Deadlined {
  /** The subprotocol that was agreed on; empty if none. */
  readonly protocol: string;
  readonly #socket: Duplex;
  readonly #connection: Draft76Connection;
  readonly #maxBufferedBytes: number;

  /** @internal */
  constructor(socket: Duplex, protocol: string, limits: Draft76Limits & { readonly maxBufferedBytes: number }) {
    super();
    this.protocol = protocol;
    this.#socket = socket;
    this.#maxBufferedBytes = limits.maxBufferedBytes;
    const environment = { now: () => processDeadlines.now(), text: nodeText, allocate };
    this.#connection = new Draft76Connection(limits, environment, {
      write: (bytes) => socket.write(bytes),
      text: (data) => callSafely((text) => this.emit('message', text), data),
      endTransport: () => socket.end(),
      destroyTransport: () => socket.destroy(),
      closed: (event) => {
        processDeadlines.forget(this);
        callSafely((closed) => this.emit('closed', closed), event);
      },
    });
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#connection.state;
  }

  /** Bytes that were sent and that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** @internal */
  get deadlineMs(): number {
    return this.#connection.deadlineMs;
  }

  /**
   * Sends a text. Returns whether it was taken: `false` once the connection is closing. A peer for which more than
   * `maxBufferedBytes` wait is cut off.
   *
   * @throws {TypeError} for anything but a string; this draft knows no binary messages.
   */
  send(text: string): boolean {
    if (typeof text !== 'string') throw new TypeError('draft-76 has text messages only');
    if (this.bufferedBytes > this.#maxBufferedBytes) {
      this.#socket.destroy();
      return false;
    }
    return this.#connection.sendText(text);
  }

  /** Begins the closing handshake; a peer that does not answer within `closeTimeoutMs` is cut off. */
  close(): void {
    this.#connection.close();
    processDeadlines.watch(this);
  }

  /** @internal */
  tick(): void {
    this.#connection.tick();
  }

  /** Begins to read, with what came behind the handshake. @internal */
  start(head: Uint8Array): void {
    const socket = this.#socket;
    const read = (chunk: Uint8Array) => {
      this.#connection.receive(chunk);
      processDeadlines.watch(this);
    };
    socket.on('error', (error) => this.#connection.eof(error));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#connection.eof());
    // Whoever gets the connection attaches listeners first.
    setImmediate(() => {
      if (head.length > 0) read(head);
      socket.on('data', read);
      socket.resume();
    });
  }
}
