import {
  type Broker,
  type BrokerPresence,
  CallError,
  type CalleeTree,
  CloseCode,
  createSuperjsonSerializer,
  type Position,
  type Topic,
  type Transport,
  type TransportListener,
  UsageError,
} from '@typewire/core';
import {
  type AnyRouter,
  encodeValue,
  type HelloMessage,
  isEncoded,
  type ResumeFields,
  readCallees,
  type SessionOutcome,
} from '@typewire/core/internal';
import type { Authenticate, ConnectRequest } from './authentication/authenticate.ts';
import { authenticationDefaults } from './authentication/authentication-options.ts';
import { Authenticator } from './authentication/authenticator.ts';
import { type DisconnectOptions, readDisconnect, readTarget, type SessionTarget } from './authentication/disconnect.ts';
import { type Identity, mayBecome } from './authentication/identity.ts';
import { MemoryBroker } from './broker/memory-broker.ts';
import { CallerObjects } from './callees/caller-object.ts';
import type { Caller } from './caller.ts';
import { guardCallHook } from './calls/call-watch.ts';
import { BrokerFailure, UNAVAILABLE_TEXT } from './channels/broker-outage.ts';
import { nameTopic, readEvent, readParams } from './channels/channel-runner.ts';
import { Hub } from './channels/hub.ts';
import { createPublication, type PublishOptions } from './channels/publication.ts';
import type { SlowLoad } from './channels/slow-receivers.ts';
import { Deadlines } from './deadlines.ts';
import { Entrance, type EntranceHost } from './entrance.ts';
import { platformEnvironment } from './environment.ts';
import { ErrorReporter } from './error-reporter.ts';
import { Failure } from './failure.ts';
import { KeyedCalls } from './idempotency/keyed-calls.ts';
import { idempotencyDefaults } from './idempotency/limits.ts';
import { heartbeatDefaults, limitDefaults, type WireLimits, type WireSettings } from './options.ts';
import { Peer } from './peer.ts';
import type { PeerHost } from './peer-host.ts';
import { PresenceHub } from './presence/presence-hub.ts';
import { PublishErrors } from './publish-errors.ts';
import { readOptions } from './read-options.ts';
import { Routes } from './routes.ts';
import { Sessions, sessionDefaults } from './sessions.ts';
import type { DrainOptions, Wire } from './wire.ts';

/** What `createWire` makes: the parts of a service, and the sessions of its clients. */
export class RunningWire implements Wire, EntranceHost {
  readonly environment: NonNullable<WireSettings['environment']>;
  readonly serializer: NonNullable<WireSettings['serializer']>;
  readonly limits: Required<WireLimits>;
  readonly heartbeat: PeerHost['heartbeat'];
  readonly routes: Routes;
  readonly onCall: PeerHost['onCall'];
  readonly hub: Hub;
  readonly presenceHub: PresenceHub | null;
  readonly keyedCalls: KeyedCalls;
  readonly callerObjects: PeerHost['callerObjects'];
  readonly #broker: Broker;
  /** A broker that was given may serve others, too: closing it is not ours. */
  readonly #ownsBroker: boolean;
  readonly authenticator: Authenticator;
  readonly authentication: PeerHost['authentication'];
  readonly #errors: ErrorReporter;
  readonly #deadlines: Deadlines;
  readonly sessions: Sessions;
  readonly #entrances: Set<Entrance> = new Set();
  readonly #publishErrors: PublishErrors;
  #pending: Peer[] = [];
  #flushes = false;
  #closed = false;

  constructor(options: WireSettings & { router: AnyRouter; authenticate?: Authenticate<unknown> }) {
    this.environment = options.environment ?? platformEnvironment;
    this.serializer = options.serializer ?? createSuperjsonSerializer();
    this.limits = readOptions('limits', options.limits, limitDefaults);
    this.heartbeat = readOptions('heartbeat', options.heartbeat, heartbeatDefaults);
    this.#errors = new ErrorReporter(options.onError, () => this.environment.createId());
    this.routes = new Routes(options.router, options.validate);
    const { onCall } = options;
    this.onCall = onCall
      ? guardCallHook(onCall, (error, { path, caller }) => this.#errors.tell(error, path, caller))
      : null;
    const callees = options.router['~callees'];
    this.callerObjects = callees ? new CallerObjects(readCallees(callees as CalleeTree)) : null;
    this.#ownsBroker = options.broker === undefined;
    this.#broker = options.broker ?? new MemoryBroker(this.environment);
    this.hub = new Hub({
      broker: this.#broker,
      environment: this.environment,
      limits: { events: this.limits.maxRecoveredEvents, bytes: this.limits.maxRecoveredBytes },
      positionCheckMs: this.limits.positionCheckMs,
      pending: () => this.#flushSoon(),
      onOutage: (error, topic) => void this.#errors.tell(error, topic, null),
    });
    this.presenceHub = this.routes.havePresence
      ? new PresenceHub(readBrokerPresence(this.#broker), this.environment)
      : null;
    this.authenticator = new Authenticator(options.authenticate ?? null, this.environment);
    this.authentication = readOptions('authentication', options.authentication, authenticationDefaults);
    this.#deadlines = new Deadlines(this.environment);
    this.#publishErrors = new PublishErrors({
      defer: (callback) => this.environment.defer(callback),
      tell: (error, path) => this.#errors.tell(error, path, null),
    });
    this.keyedCalls = new KeyedCalls(
      {
        environment: this.environment,
        serializer: this.serializer,
        onCall: this.onCall,
        publish: this.publish,
        report: (error, path, caller) => this.report(error, path, caller),
        watch: (calls) => this.#deadlines.add(calls),
        unwatch: (calls) => this.#deadlines.delete(calls),
      },
      readOptions('idempotency', options.idempotency, idempotencyDefaults),
    );
    this.sessions = new Sessions(readOptions('sessions', options.sessions, sessionDefaults));
  }

  get connections(): number {
    return this.#entrances.size + this.sessions.count - this.sessions.detachedCount;
  }

  get channels(): { readonly topics: number; readonly slow: SlowLoad } {
    return { topics: this.hub.size, slow: this.hub.slow };
  }

  accept(transport: Transport, request: ConnectRequest): TransportListener {
    const entrance = new Entrance(this, transport, request);
    this.#entrances.add(entrance);
    this.#deadlines.add(entrance);
    if (this.#closed) entrance.dismiss(CloseCode.Restart, 0, 'the server is leaving');
    return entrance.transportListener;
  }

  async admit(entrance: Entrance, hello: HelloMessage, identity: Identity, refuseRevoked: () => void): Promise<void> {
    const { resume } = hello[2];
    const outcome = resume === undefined ? 'new' : await this.#resume(entrance, resume, identity, refuseRevoked);
    if (outcome === 'resumed') return;
    const peer = new Peer(this, identity, hello[2].client ?? null);
    const issued = await peer.token.issue();
    if (entrance.link.isClosed) return;
    refuseRevoked();
    this.left(entrance);
    this.sessions.add(peer);
    this.#deadlines.add(peer);
    this.#deadlines.add(this.sessions);
    peer.attach(entrance, peer.token.giveOut(issued, null), outcome, []);
  }

  left(entrance: Entrance): void {
    this.#entrances.delete(entrance);
    this.#deadlines.delete(entrance);
  }

  // A property, because handlers take it out of their arguments.
  publish = <Event>(topic: Topic<Event>, event: Event, options: PublishOptions = {}): Promise<Position> => {
    const published = this.#publish(topic, event, options);
    published.catch((error: unknown) => this.#publishErrors.failed(error, this.routes.pathOf(topic.channel)));
    return published;
  };

  async #publish<Event>(topic: Topic<Event>, event: Event, options: PublishOptions): Promise<Position> {
    const route = this.routes.routeOf(topic.channel);
    try {
      const params = await readParams(route, topic.params);
      const checked = await readEvent(route, event);
      const encoded = encodeValue(this.serializer, checked, 'event');
      const payload = isEncoded(encoded) ? encoded : await encoded;
      const publication = createPublication(route, checked, payload, options);
      const { position } = await this.hub.publish(nameTopic(route, params), publication);
      return position;
    } catch (error) {
      if (error instanceof BrokerFailure) {
        const { cause } = error;
        throw new CallError('UNAVAILABLE', UNAVAILABLE_TEXT, { data: undefined, delivery: 'unknown', cause });
      }
      if (!(error instanceof Failure)) throw error;
      throw new CallError(error.code, error.message, { data: error.data, delivery: 'not-sent', cause: error });
    }
  }

  async drain({ spreadMs = 30_000 }: DrainOptions = {}): Promise<void> {
    this.#closed = true;
    for (const client of [...this.#entrances, ...this.sessions.all()]) {
      client.dismiss(CloseCode.Restart, Math.ceil(this.environment.random() * spreadMs), 'the server is leaving');
    }
    this.keyedCalls.close();
    this.presenceHub?.close();
    if (this.#ownsBroker) await this.#broker.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const client of [...this.#entrances, ...this.sessions.all()])
      client.dismiss(CloseCode.GoingAway, 0, 'the server is closing');
    this.keyedCalls.close();
    this.presenceHub?.close();
    if (this.#ownsBroker) await this.#broker.close();
  }

  disconnect(who: SessionTarget, options: DisconnectOptions = {}): number {
    const target = readTarget(who);
    const { code, reason } = readDisconnect(options);
    if (target.subject !== undefined) this.authenticator.revoke(target.subject);
    const peers = this.sessions.matching(target);
    for (const peer of peers) peer.expel(code, reason);
    this.keyedCalls.revoke(target);
    return peers.length;
  }

  callers(who?: SessionTarget): Caller[] {
    const peers = who === undefined ? this.sessions.all() : this.sessions.matching(readTarget(who));
    return peers.map(({ caller, callees }) => callees?.bind(caller, null) ?? caller);
  }

  async reauthorize(who: SessionTarget): Promise<number> {
    const peers = this.sessions.matching(readTarget(who));
    await Promise.all(peers.map((peer) => peer.reauthorize()));
    return peers.length;
  }

  report(error: unknown, path: string | null, caller: Caller | null): string {
    const known = this.#publishErrors.take(error);
    if (known !== undefined) return known;
    return this.#errors.tell(error, path, caller);
  }

  pending(peer: Peer): void {
    this.#flushSoon();
    this.#pending.push(peer);
  }

  ended(peer: Peer): void {
    this.#deadlines.delete(peer);
    if (this.sessions.count === 0) this.#deadlines.delete(this.sessions);
  }

  /** Gives a client the session it had, if it proves to be the same and nothing it missed is gone. */
  async #resume(
    entrance: Entrance,
    [id, token, received]: ResumeFields,
    identity: Identity,
    refuseRevoked: () => void,
  ): Promise<Exclude<SessionOutcome, 'new'>> {
    const peer = this.sessions.find(id);
    // An unknown session, a wrong token and another subject look the same from outside.
    const shown = (await peer?.token.accept(token)) ?? null;
    if (peer === undefined || shown === null) return 'lost';
    if (!mayBecome(peer.caller.subject, identity.subject)) return 'lost';
    refuseRevoked();
    // Topics it may no longer follow end before anything of them is sent.
    await peer.reauthenticate(identity);
    const issued = await peer.token.issue();
    if (peer.isClosed || entrance.link.isClosed) return 'lost';
    const missed = peer.missedAfter(received);
    if (missed === null) {
      // It may still have a connection, which must not outlive it.
      peer.expel(CloseCode.Replaced, 'the client has begun another session');
      return 'overflow';
    }
    this.left(entrance);
    peer.attach(entrance, peer.token.giveOut(issued, shown), 'resumed', missed);
    return 'resumed';
  }

  #flushSoon(): void {
    if (this.#flushes) return;
    this.#flushes = true;
    this.environment.defer(() => this.#flush());
  }

  #flush(): void {
    this.#flushes = false;
    this.hub.tick.flush();
    const pending = this.#pending;
    this.#pending = [];
    for (const peer of pending) peer.flush();
  }
}

function readBrokerPresence({ presence }: Broker): BrokerPresence {
  if (presence !== undefined) return presence;
  throw new UsageError('BAD_OPTION', 'a channel declares presence, which the broker given as an option does not have');
}
