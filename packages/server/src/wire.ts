import {
  CallError,
  CloseCode,
  createSuperjsonSerializer,
  type Router,
  type Topic,
  type Transport,
  type TransportListener,
} from '@typewire/core';
import { type AnyRouter, encodeValue } from '@typewire/core/internal';
import type { Authenticate, Authentication, ConnectRequest } from './authentication.ts';
import type { Broker } from './broker/broker.ts';
import { MemoryBroker } from './broker/memory-broker.ts';
import type { Caller } from './caller.ts';
import { nameTopic, readEvent, readParams } from './channels/channel-runner.ts';
import { Hub } from './channels/hub.ts';
import { Deadlines } from './deadlines.ts';
import { platformEnvironment } from './environment.ts';
import { Failure, fail } from './failure.ts';
import { heartbeatDefaults, limitDefaults, type WireError, type WireLimits, type WireSettings } from './options.ts';
import { Peer, type PeerHost } from './peer.ts';
import { Routes } from './routes.ts';

/** `authenticate` may be left out only when handlers need no context. */
export type WireOptions<Context> = WireSettings & {
  readonly router: Router<unknown, Context>;
} & (Record<never, never> extends Context
    ? { readonly authenticate?: Authenticate<Context> }
    : { readonly authenticate: Authenticate<Context> });

export interface DrainOptions {
  /** Time over which clients come back elsewhere, in milliseconds. @default 30_000 */
  readonly spreadMs?: number;
}

/** A running service: give it connections through an adapter, publish through it. */
export interface Wire {
  /** Open and opening connections. */
  readonly connections: number;
  readonly limits: Required<WireLimits>;
  /**
   * Publishes on a topic of the router, to every subscriber on every server of the broker. Rejects with `CallError`
   * `INVALID_INPUT` when parameters or event do not pass their schema.
   */
  publish<Event>(topic: Topic<Event>, event: Event): Promise<void>;
  /** For adapters: takes a connection over; report to the returned listener what its transport does. */
  accept(transport: Transport, request: ConnectRequest): TransportListener;
  /** Sends every client away with its own moment to come back, so that they do not all come at once; then closes. */
  drain(options?: DrainOptions): Promise<void>;
  /** Ends every connection with 1001. Afterwards new ones are refused with 1012. */
  close(): Promise<void>;
}

/** @throws {UsageError} `BAD_CONTRACT` when the router cannot be served. */
export function createWire<Context>(options: WireOptions<Context>): Wire {
  return new RunningWire(options as WireSettings & { router: AnyRouter; authenticate?: Authenticate<unknown> });
}

class RunningWire implements Wire, PeerHost {
  readonly environment: NonNullable<WireSettings['environment']>;
  readonly serializer: NonNullable<WireSettings['serializer']>;
  readonly limits: Required<WireLimits>;
  readonly heartbeat: PeerHost['heartbeat'];
  readonly routes: Routes;
  readonly hub: Hub;
  readonly #broker: Broker;
  readonly #authenticate: Authenticate<unknown> | null;
  readonly #onError: (event: WireError) => void;
  readonly #deadlines: Deadlines;
  readonly #peers: Set<Peer> = new Set();
  #pending: Peer[] = [];
  #closed = false;

  constructor(options: WireSettings & { router: AnyRouter; authenticate?: Authenticate<unknown> }) {
    this.environment = options.environment ?? platformEnvironment;
    this.serializer = options.serializer ?? createSuperjsonSerializer();
    this.limits = { ...limitDefaults, ...options.limits };
    this.heartbeat = { ...heartbeatDefaults, ...options.heartbeat };
    this.routes = new Routes(options.router);
    this.#broker = options.broker ?? new MemoryBroker(this.environment);
    this.hub = new Hub(this.#broker, this.limits.maxRecoveredEvents);
    this.#authenticate = options.authenticate ?? null;
    this.#onError = options.onError ?? printError;
    this.#deadlines = new Deadlines(this.environment);
  }

  get connections(): number {
    return this.#peers.size;
  }

  accept(transport: Transport, request: ConnectRequest): TransportListener {
    const peer = new Peer(this, transport, request);
    this.#peers.add(peer);
    this.#deadlines.add(peer);
    if (this.#closed) peer.dismiss(CloseCode.Restart, 0, 'the server is leaving');
    return peer.transportListener;
  }

  // A property, because handlers take it out of their arguments.
  publish = async <Event>(topic: Topic<Event>, event: Event): Promise<void> => {
    const route = this.routes.routeOf(topic.channel);
    try {
      const params = await readParams(route, topic.params);
      const payload = encodeValue(this.serializer, await readEvent(route, event));
      await this.hub.publish(nameTopic(route, params), payload, route.channel['~definition'].history);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new CallError(error.code, error.message, { data: error.data, delivery: 'not-sent', cause: error });
    }
  };

  async drain({ spreadMs = 30_000 }: DrainOptions = {}): Promise<void> {
    this.#closed = true;
    for (const peer of [...this.#peers]) {
      peer.dismiss(CloseCode.Restart, Math.ceil(this.environment.random() * spreadMs), 'the server is leaving');
    }
    await this.#broker.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const peer of [...this.#peers]) peer.dismiss(CloseCode.GoingAway, 0, 'the server is closing');
    await this.#broker.close();
  }

  async authenticate(request: ConnectRequest, auth: unknown): Promise<Authentication<unknown> | null> {
    return this.#authenticate === null ? { context: {} } : this.#authenticate({ request, auth, fail });
  }

  report(error: unknown, path: string | null, caller: Caller | null): string {
    const id = this.environment.createId();
    try {
      this.#onError({ error, id, path, caller });
    } catch (hookError) {
      // The hook is the last to know; a broken one must not take the connection down.
      printError({ error: hookError, id, path, caller });
    }
    return id;
  }

  pending(peer: Peer): void {
    if (this.#pending.length === 0) this.environment.defer(() => this.#flush());
    this.#pending.push(peer);
  }

  closed(peer: Peer): void {
    this.#peers.delete(peer);
    this.#deadlines.delete(peer);
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const peer of pending) peer.flush();
  }
}

function printError({ error, id, path }: WireError): void {
  // biome-ignore lint/suspicious/noConsole: without a hook of the user's own, the console is the only place left
  console.error(`typewire: ${path ?? 'authenticate'} failed (${id})`, error);
}
