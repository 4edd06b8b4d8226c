import type { Connect, Transport, TransportListener } from '@typewire/core';
import { BrowserTransport } from './browser-transport.ts';
import type { Latency } from './byte-pipe.ts';
import type { Dice } from './dice.ts';
import { FrameTransport } from './frame-transport.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';
import { type SocketEnd, virtualSocket } from './virtual-socket.ts';

/** A server as the network knows it. */
export interface NetworkServer {
  readonly process: VirtualProcess;
  /** `end` is the server's, for faults. */
  accept(transport: Transport, end: SocketEnd): TransportListener;
}

/** What a client may connect to at this moment. `null` is a machine that answers nobody; `'refused'` one that says so. */
export type FindServer = () => NetworkServer | 'refused' | null;

/** One connection, for faults. */
export interface NetworkConnection {
  readonly client: SocketEnd;
  readonly server: SocketEnd;
}

export type Device = 'browser' | 'node';

/** The way of one client to the servers. */
export class ClientNetwork {
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #latency: Latency;
  readonly #process: VirtualProcess;
  readonly #device: Device;
  readonly #find: FindServer;
  readonly #onError: (error: unknown) => void;
  /** Connections that one end at least still holds. */
  #connections: NetworkConnection[] = [];
  /** New connections are refused at once, or hang, and what is sent on open ones goes nowhere. */
  state: 'online' | 'refusing' | 'hanging' = 'online';

  constructor(options: {
    readonly clock: VirtualClock;
    readonly dice: Dice;
    readonly latency: Latency;
    readonly process: VirtualProcess;
    readonly device: Device;
    readonly find: FindServer;
    readonly onError: (error: unknown) => void;
  }) {
    this.#clock = options.clock;
    this.#dice = options.dice;
    this.#latency = options.latency;
    this.#process = options.process;
    this.#device = options.device;
    this.#find = options.find;
    this.#onError = options.onError;
  }

  get connections(): readonly NetworkConnection[] {
    this.#connections = this.#connections.filter(({ client, server }) => !client.isClosed || !server.isClosed);
    return this.#connections;
  }

  /** Give it to a client. */
  readonly connect: Connect = (_url, listener) => {
    const server = this.state === 'online' ? this.#find() : this.state === 'refusing' ? 'refused' : null;
    const to = server === null || server === 'refused' ? this.#process : server.process;
    const [clientEnd, serverEnd] = virtualSocket(this.#clock, this.#dice, this.#latency, [this.#process, to]);
    const events = { opened: () => listener.opened(), error: this.#onError };
    const frames = new FrameTransport('client', this.#clock, clientEnd, this.#dice.random, events);
    const transport = this.#device === 'browser' ? new BrowserTransport(frames) : frames;
    transport.listen(listener);
    if (server === null) serverEnd.lose();
    else if (server === 'refused') this.#soon(() => clientEnd.fail('connection refused'));
    else {
      this.#connections.push({ client: clientEnd, server: serverEnd });
      this.#soon(() => {
        // It ended while the request was under way.
        if (server.process.isEnded) clientEnd.fail('connection refused');
        else server.process.run(() => this.#accept(server, clientEnd, serverEnd));
      });
    }
    return transport;
  };

  #accept(server: NetworkServer, clientEnd: SocketEnd, serverEnd: SocketEnd): void {
    if (clientEnd.isClosed || serverEnd.isClosed) return;
    const events = { opened: () => {}, error: this.#onError };
    const frames = new FrameTransport('server', this.#clock, serverEnd, this.#dice.random, events);
    // The answer to the handshake goes before anything the server may say.
    serverEnd.open();
    frames.listen(server.accept(frames, serverEnd));
  }

  #soon(run: () => void): void {
    const { minMs, maxMs } = this.#latency;
    this.#clock.schedule(this.#clock.now() + minMs + this.#dice.random() * (maxMs - minMs), run);
  }
}
