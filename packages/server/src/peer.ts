import {
  CloseCode,
  ProtocolError,
  type Serializer,
  type SharedMessage,
  type Topic,
  type Transport,
  type TransportListener,
} from '@typewire/core';
import {
  type CallMessage,
  decodeValue,
  encodeError,
  type HelloMessage,
  IncomingCalls,
  MessageType,
  type OpenMessage,
  type PeerMessage,
  Session,
  type SessionListener,
} from '@typewire/core/internal';
import type { Authentication, ConnectRequest } from './authentication.ts';
import type { Caller } from './caller.ts';
import { CallRunner, type CallRunnerHost } from './calls/call-runner.ts';
import { ChannelRunner, type ChannelRunnerHost } from './channels/channel-runner.ts';
import type { Hub } from './channels/hub.ts';
import { Failure } from './failure.ts';
import type { WireHeartbeat, WireLimits } from './options.ts';
import type { Routes } from './routes.ts';

/** What all connections of a wire share. */
export interface PeerHost {
  readonly environment: { now(): number; random(): number; createId(): string };
  readonly serializer: Serializer;
  readonly routes: Routes;
  readonly hub: Hub;
  readonly limits: Required<WireLimits>;
  readonly heartbeat: Required<WireHeartbeat>;
  authenticate(request: ConnectRequest, auth: unknown): Promise<Authentication<unknown> | null>;
  publish(topic: Topic<unknown>, event: unknown): Promise<void>;
  report(error: unknown, path: string | null, caller: Caller | null): string;
  /** Something waits to be sent: `flush` is called before the tick ends. */
  pending(peer: Peer): void;
  closed(peer: Peer): void;
}

/** One client's connection on the server: who it is, what it calls and what it follows. */
export class Peer implements SessionListener, CallRunnerHost, ChannelRunnerHost {
  readonly calls: IncomingCalls = new IncomingCalls();
  readonly publish: PeerHost['publish'];
  readonly #host: PeerHost;
  readonly #transport: Transport;
  readonly #request: ConnectRequest;
  readonly #session: Session;
  readonly #runner: CallRunner;
  readonly #channels: ChannelRunner;
  readonly #id: string;
  #authentication: Authentication<unknown> | null = null;
  #caller: Caller;
  #paused = false;

  constructor(host: PeerHost, transport: Transport, request: ConnectRequest) {
    this.#host = host;
    this.#transport = transport;
    this.#request = request;
    this.publish = host.publish;
    this.#id = host.environment.createId();
    this.#caller = { session: this.#id, subject: null, remoteAddress: request.remoteAddress };
    this.#runner = new CallRunner(this);
    this.#channels = new ChannelRunner(this);
    const { intervalMs, timeoutMs } = host.heartbeat;
    this.#session = new Session(
      {
        role: 'server',
        environment: host.environment,
        // ±10 %, so that clients which came together are not pinged together for ever.
        heartbeat: { intervalMs: intervalMs * (0.9 + 0.2 * host.environment.random()), timeoutMs },
        openTimeoutMs: host.limits.helloTimeoutMs,
        maxHelloLength: host.limits.maxHelloLength,
      },
      transport,
      this,
    );
  }

  get serializer(): Serializer {
    return this.#host.serializer;
  }

  get hub(): Hub {
    return this.#host.hub;
  }

  get caller(): Caller {
    return this.#caller;
  }

  get context(): unknown {
    return this.#authentication?.context;
  }

  get isClosed(): boolean {
    return this.#session.isClosed;
  }

  get maxSubscriptions(): number {
    return this.#host.limits.maxSubscriptions;
  }

  send(text: string): void {
    this.#session.send(text);
  }

  sendShared(message: SharedMessage): void {
    this.#session.sendShared(message);
  }

  flush(): void {
    this.#session.flush();
  }

  report(error: unknown, path: string): string {
    return this.#host.report(error, path, this.#caller);
  }

  /** A call is over: takes up reading again when there is room. */
  finished(): void {
    if (!this.#paused || this.calls.size >= this.#host.limits.maxCallsInFlight) return;
    this.#paused = false;
    this.#transport.resume?.();
  }

  tick(now: number): void {
    if (now >= this.#session.deadline) this.#session.tick(now);
    if (now < this.calls.deadline) return;
    this.calls.tick(now);
    this.finished();
  }

  /** Sends the client away, with a hint when to come back; 0 leaves that to the client. */
  dismiss(code: number, retryAfterMs: number, reason: string): void {
    this.#session.leave(code, retryAfterMs, reason);
  }

  /** Where the transport reports. */
  get transportListener(): TransportListener {
    return this.#session.transportListener;
  }

  hello(message: HelloMessage): void {
    const auth = decodeValue(this.serializer, message, 3);
    this.#host.authenticate(this.#request, auth).then(
      (authentication) => this.#open(authentication),
      (error: unknown) => this.#refuse(error),
    );
  }

  message(message: PeerMessage): void {
    this.#receive(message);
  }

  closed(): void {
    this.calls.abortAll();
    this.#channels.close();
    this.#host.closed(this);
  }

  // A server is not welcomed and not sent away; how fast a client answers is not used yet.
  welcome(): void {}

  leave(): void {}

  latency(): void {}

  pending(): void {
    this.#host.pending(this);
  }

  #open(authentication: Authentication<unknown> | null): void {
    if (authentication === null) return this.#session.close(CloseCode.NotAuthenticated, 'not authenticated');
    this.#authentication = authentication;
    this.#caller = { ...this.#caller, subject: authentication.subject ?? null };
    this.#session.welcome(this.#id, {
      heartbeatIntervalMs: this.#host.heartbeat.intervalMs,
      heartbeatTimeoutMs: this.#host.heartbeat.timeoutMs,
      maxMessageBytes: this.#host.limits.maxMessageBytes,
      maxSubscriptions: this.#host.limits.maxSubscriptions,
    });
  }

  #refuse(error: unknown): void {
    if (error instanceof Failure) {
      const code = error.code === 'FORBIDDEN' ? CloseCode.Forbidden : CloseCode.NotAuthenticated;
      return this.#session.close(code, error.message);
    }
    const id = this.#host.report(error, null, this.#caller);
    this.#session.close(CloseCode.Internal, `the server failed; its log names the cause under ${id}`);
  }

  #receive(message: PeerMessage): void {
    switch (message[0]) {
      case MessageType.Call:
      case MessageType.Open:
        return this.#call(message);
      case MessageType.Cancel:
        this.calls.cancel(message[1]);
        return this.finished();
      case MessageType.Credit:
        return this.calls.addCredit(message[1], message[2]);
      case MessageType.Subscribe: {
        this.calls.takeId(message[1]);
        const route = this.#host.routes.channel(message[2]);
        if (route === undefined) return this.#notFound(message[1], 'channel', message[2]);
        return this.#channels.subscribe(route, message, decodeValue(this.serializer, message, 5));
      }
      case MessageType.Unsubscribe:
        return this.#channels.unsubscribe(message[1]);
      case MessageType.Publish: {
        this.calls.takeId(message[1]);
        const route = this.#host.routes.channel(message[2]);
        if (route === undefined) return this.#notFound(message[1], 'channel', message[2]);
        return this.#channels.publish(
          route,
          message[1],
          message[3] ?? undefined,
          decodeValue(this.serializer, message, 4),
        );
      }
      default:
        throw new ProtocolError('MALFORMED', 'a client does not answer what it was not asked');
    }
  }

  #call(message: CallMessage | OpenMessage): void {
    const isStream = message[0] === MessageType.Open;
    const now = this.#host.environment.now();
    const input = decodeValue(this.serializer, message, isStream ? 5 : 4);
    const route = this.#host.routes.procedure(message[2]);
    if (route === undefined || (route.kind === 'stream') !== isStream) {
      this.calls.takeId(message[1]);
      return this.#notFound(message[1], isStream ? 'stream' : 'procedure', message[2]);
    }
    const call = this.calls.begin(message[1], message[3], isStream ? (message as OpenMessage)[4] : 0, now);
    if (!this.#paused && this.calls.size >= this.#host.limits.maxCallsInFlight) {
      this.#paused = true;
      this.#transport.pause?.();
    }
    this.#runner.run(route, call, input, this.context);
  }

  #notFound(id: number, kind: string, path: string): void {
    this.send(encodeError(id, 'NOT_FOUND', `there is no ${kind} at ${JSON.stringify(path)}`, ''));
  }
}
