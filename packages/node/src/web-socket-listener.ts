import type { AddressInfo, Server } from 'node:net';
import { type HandshakeError, UsageError } from '@typewire/frame';
import type { WebSocketConnection } from './connection.ts';
import { ListenerSlot } from './listener-slot.ts';
import type { ConnectionTracker, ShutdownOptions } from './shutdown.ts';
import type { IncomingUpgrade } from './upgrade-options.ts';

/** What a listener tells. Handlers run in the turn of the event; what they throw is not caught. */
export interface ListenerEvents {
  /** A connection was accepted. Attach its listeners here: those that come later may miss its first messages. */
  connection: [connection: WebSocketConnection, request: IncomingUpgrade];
  /** A request was refused, or its peer left before the answer; `request` is `null` where none could be read. */
  refused: [error: HandshakeError, request: IncomingUpgrade | null];
  /** Accepting failed for reasons of our own, such as too many open files. The listener goes on. */
  error: [error: Error];
}

type Slots = { readonly [Name in keyof ListenerEvents]: ListenerSlot<ListenerEvents[Name]> };

/** A TCP server that speaks WebSocket only; made by `listen`. */
export class WebSocketListener {
  readonly #server: Server;
  readonly #tracker: ConnectionTracker;
  readonly #slots: Slots = { connection: new ListenerSlot(), refused: new ListenerSlot(), error: new ListenerSlot() };
  #address: AddressInfo | null = null;

  /** @internal */
  constructor(server: Server, tracker: ConnectionTracker) {
    this.#server = server;
    this.#tracker = tracker;
    server.once('listening', () => {
      const address = server.address();
      if (typeof address === 'object') this.#address = address;
    });
  }

  /** The port it listens on, also when it was asked for port 0. */
  get port(): number {
    return this.#address?.port ?? 0;
  }

  /** The address it listens on, such as `::` or `127.0.0.1`. */
  get address(): string {
    return this.#address?.address ?? '';
  }

  /** Number of sockets, those in their handshake included. */
  get size(): number {
    return this.#tracker.size;
  }

  /**
   * Adds a handler and returns what removes it.
   *
   * @throws {UsageError} `BAD_OPTION` for an event that does not exist, or a handler that is not a function.
   */
  on<Name extends keyof ListenerEvents>(name: Name, handler: (...args: ListenerEvents[Name]) => void): () => void {
    if (!Object.hasOwn(this.#slots, name))
      throw new UsageError('BAD_OPTION', `there is no event ${JSON.stringify(name)}`);
    if (typeof handler !== 'function') throw new UsageError('BAD_OPTION', 'a handler must be a function');
    const slot: ListenerSlot<ListenerEvents[Name]> = this.#slots[name];
    return slot.add((args) => handler(...args));
  }

  /** @internal */
  emit<Name extends keyof ListenerEvents>(name: Name, ...args: ListenerEvents[Name]): void {
    const slot: ListenerSlot<ListenerEvents[Name]> = this.#slots[name];
    slot.emit(args);
  }

  /**
   * Stops listening, refuses the handshakes under way with 503, closes the connections with 1001, and resolves when
   * every socket is gone: those whose peers have not answered are destroyed after `timeoutMs`.
   */
  async close(options: ShutdownOptions = {}): Promise<void> {
    const ended = this.#tracker.closeAll(options);
    const stopped = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    await Promise.all([stopped, ended]);
  }
}
