import { CloseCode, type Serializer, type SharedMessage } from '@typewire/core';
import {
  DeliveryLog,
  type EncodedMessage,
  isResumableClose,
  type LinkClose,
  type Room,
  type ServerLink,
  type ServerLinkListener,
  type SessionOutcome,
} from '@typewire/core/internal';
import { IncomingCalls } from '@typewire/core/internal/callee';
import type { Identity } from './authentication/identity.ts';
import { Renewal, type RenewedSession } from './authentication/renewal.ts';
import type { CalleeCallsHost } from './callees/callee-calls.ts';
import { Callees } from './callees/callees.ts';
import type { Caller } from './caller.ts';
import { ChannelRunner, type ChannelRunnerHost } from './channels/channel-runner.ts';
import type { Hub } from './channels/hub.ts';
import type { Entrance } from './entrance.ts';
import type { WireEnvironment } from './environment.ts';
import type { KeyedCalls } from './idempotency/keyed-calls.ts';
import type { PeerHost } from './peer-host.ts';
import { PeerIntake, type PeerIntakeHost } from './peer-intake.ts';
import { toCount } from './read-options.ts';
import type { Routes } from './routes.ts';
import { SessionToken } from './session-token.ts';

/** Of UTF-8, for one UTF-16 unit. */
const MAX_UNIT_BYTES = 3;

/** What a transport puts around a message, at most. */
const MAX_FRAME_BYTES = 16;

/**
 * A client's session on the server: who it is, what it calls and what it follows. It outlasts its connections: without
 * one, what is sent is kept for the next, handlers go on, and after a while it ends.
 */
export class Peer implements PeerIntakeHost, CalleeCallsHost, ChannelRunnerHost, RenewedSession {
  readonly id: string;
  readonly client: string | null;
  readonly calls: IncomingCalls = new IncomingCalls();
  readonly publish: PeerHost['publish'];
  readonly token: SessionToken;
  readonly callees: Callees | null;
  room: Room | null = null;
  readonly #host: PeerHost;
  readonly #intake: PeerIntake;
  readonly #channels: ChannelRunner;
  readonly #delivery: DeliveryLog = new DeliveryLog();
  readonly #renewal: Renewal;
  #identity: Identity;
  #caller: Caller;
  #link: ServerLink | null = null;
  #ended = false;

  /** `client` is what its client calls itself in each of its sessions. */
  constructor(host: PeerHost, identity: Identity, client: string | null) {
    this.#host = host;
    this.client = client;
    this.id = host.environment.createId();
    this.publish = host.publish;
    this.token = new SessionToken(host.environment);
    this.#identity = identity;
    this.#caller = { session: this.id, subject: identity.subject, remoteAddress: null };
    this.#channels = new ChannelRunner(this);
    this.#intake = new PeerIntake(this, this.#channels);
    this.callees = host.callerObjects && new Callees(this, host.callerObjects);
    this.#renewal = new Renewal(host, this);
    this.#renewal.schedule(identity.expiresAt);
  }

  get serializer(): Serializer {
    return this.#host.serializer;
  }

  get environment(): WireEnvironment {
    return this.#host.environment;
  }

  /** Without a connection streams wait, too: what they send would only fill what is kept for the client. */
  get isCongested(): boolean {
    return this.#link === null || this.#link.bufferedSize > this.#host.limits.maxStreamBufferBytes;
  }

  /** Without a connection events are kept for the next one, as everything else is. */
  get isSlow(): boolean {
    return this.#link !== null && this.#link.bufferedSize > this.#host.limits.maxEventBufferBytes;
  }

  get hasRoom(): boolean {
    return this.#link !== null && this.#link.bufferedSize <= this.#host.limits.maxEventBufferBytes;
  }

  hasRoomFor({ data }: SharedMessage): boolean {
    if (this.#link === null) return true;
    const bytes = data.length * MAX_UNIT_BYTES + MAX_FRAME_BYTES;
    return this.#link.bufferedSize + bytes <= this.#host.limits.maxEventBufferBytes;
  }

  get onCall(): PeerHost['onCall'] {
    return this.#host.onCall;
  }

  get routes(): Routes {
    return this.#host.routes;
  }

  get callTimeoutMs(): number {
    return this.#host.limits.callTimeoutMs;
  }

  get limits(): PeerHost['limits'] {
    return this.#host.limits;
  }

  get keyedCalls(): KeyedCalls {
    return this.#host.keyedCalls;
  }

  get hub(): Hub {
    return this.#host.hub;
  }

  get presenceHub(): PeerHost['presenceHub'] {
    return this.#host.presenceHub;
  }

  get maxPresenceBytes(): number {
    return this.#host.limits.maxPresenceBytes;
  }

  get caller(): Caller {
    return this.#caller;
  }

  get context(): unknown {
    return this.#identity.context;
  }

  get isClosed(): boolean {
    return this.#ended;
  }

  get isConnected(): boolean {
    return this.#link !== null;
  }

  /** What a client takes it does not say. */
  get maxMessageBytes(): number {
    return Number.POSITIVE_INFINITY;
  }

  get maxSubscriptions(): number {
    return this.#host.limits.maxSubscriptions;
  }

  /** Size of the messages kept for the client, in UTF-16 units, or bytes of binary ones. */
  get keptSize(): number {
    return this.#delivery.size;
  }

  /** What a client that has received `count` messages misses; `null` when not all of it is kept. */
  missedAfter(count: number): readonly EncodedMessage[] | null {
    // What waits on a connection that is still open is noted when it leaves.
    this.#link?.flush();
    return this.#delivery.after(count);
  }

  /** The client is now who `identity` says. Resolves once what it may no longer follow has ended. */
  reauthenticate(identity: Identity): Promise<void> {
    this.#identity = identity;
    this.#caller = { ...this.#caller, subject: identity.subject };
    this.#renewal.schedule(identity.expiresAt);
    return this.reauthorize();
  }

  /** Asks every rule of what it follows again; what it may no longer follow ends. */
  reauthorize(): Promise<void> {
    return this.#channels.reauthorize();
  }

  /** Goes on over a new connection, and ends the one there may still be. */
  attach({ link, request }: Entrance, token: string, outcome: SessionOutcome, missed: readonly EncodedMessage[]): void {
    const before = this.#link;
    this.#host.sessions.attach(this);
    this.#link = link;
    this.#renewal.attach(link, request);
    this.#caller = { ...this.#caller, remoteAddress: request.remoteAddress };
    before?.close(CloseCode.Replaced, 'the session goes on over another connection');
    const { limits, heartbeat, sessions } = this.#host;
    const options = {
      outcome,
      token,
      received: this.#delivery.received,
      resumableMs: toCount(sessions.resumableMs),
      heartbeatIntervalMs: toCount(heartbeat.intervalMs),
      heartbeatTimeoutMs: toCount(heartbeat.timeoutMs),
      maxMessageBytes: toCount(limits.maxMessageBytes),
      maxSubscriptions: toCount(limits.maxSubscriptions),
    };
    link.welcome(this.id, options, this.#delivery, this.#listenTo(link), missed);
    this.callees?.attached(this.environment.now());
    this.#channels.attached();
    this.hub.drained(this);
    this.room?.look();
    this.#intake.attached();
  }

  send(message: EncodedMessage): void {
    this.#host.hub.tick.catchUp(this);
    if (this.#link !== null) this.#link.send(message);
    else this.#keep(message);
  }

  sendShared(message: SharedMessage): void {
    this.#host.hub.tick.catchUp(this);
    if (this.#link !== null) this.#link.sendShared(message);
    else this.#keep(message.data, message.count);
  }

  closeSlow(): void {
    this.#link?.close(CloseCode.TooSlow, 'the client reads more slowly than its channels speak');
  }

  flush(): void {
    this.#link?.flush();
  }

  report(error: unknown, path: string): string {
    return this.#host.report(error, path, this.#caller);
  }

  finished(): void {
    this.#intake.finished();
  }

  awaitsAnswers(does: boolean): void {
    this.#intake.awaitsAnswers(does);
  }

  pause(): void {
    this.#link?.pause();
  }

  resume(): void {
    this.#link?.resume();
  }

  tick(now: number): void {
    this.#link?.tick(now);
    this.#renewal.tick(now);
    this.callees?.tick(now);
    this.#intake.tick(now);
    if (now >= this.calls.deadline) this.calls.tick(now);
  }

  /** Sends the client away, with a hint when to come back; 0 leaves that to the client. The session ends. */
  dismiss(code: number, retryAfterMs: number, reason: string): void {
    this.#host.hub.tick.catchUp(this);
    this.#link?.leave(code, retryAfterMs, reason);
    this.end();
  }

  /** Ends the session, and closes its connection with `code`. */
  expel(code: number, reason: string): void {
    this.#host.hub.tick.catchUp(this);
    this.#link?.close(code, reason);
    this.end();
  }

  /** The session is over: handlers are told to stop, topics are left. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#host.sessions.delete(this);
    this.#intake.close();
    this.calls.abortAll();
    this.callees?.close();
    this.#channels.close();
    this.#host.ended(this);
  }

  /** Only the connection the session has now may speak for it. */
  #listenTo(link: ServerLink): ServerLinkListener {
    return {
      message: this.#intake.listener,
      authentication: (message) => this.#renewal.receive(message),
      alive: () => this.token.confirm(),
      pending: () => this.#host.pending(this),
      drained: () => {
        this.hub.drained(this);
        this.room?.tell();
      },
      closed: (event) => {
        if (this.#link === link) this.#disconnected(event);
      },
      hello: () => {},
    };
  }

  #disconnected(event: LinkClose): void {
    this.#link = null;
    this.#renewal.detach();
    this.callees?.detached();
    const { sessions, environment } = this.#host;
    if (!isResumableClose(event.code) || sessions.resumableMs === 0 || !this.#delivery.isWhole) return this.end();
    this.#channels.detached();
    sessions.detach(this, environment.now());
  }

  /** Without a connection: kept for the next one, or the end when it is more than can be kept. */
  #keep(message: EncodedMessage, count = 1): void {
    if (this.#ended) return;
    const before = this.#delivery.size;
    this.#delivery.record(message, count);
    // Told in any case: what is kept counts until the session has ended.
    this.#host.sessions.grew(this.#delivery.size - before);
    if (!this.#delivery.isWhole) this.end();
  }
}
