import { CloseCode, type Transport, type TransportListener, UsageError } from '@typewire/core';
import { decodeValue, type HelloMessage, Link, type LinkListener } from '@typewire/core/internal';
import type { Authentication, ConnectRequest } from './authentication.ts';
import { Failure } from './failure.ts';
import type { PeerHost } from './peer-host.ts';

export interface EntranceHost extends PeerHost {
  authenticate(request: ConnectRequest, auth: unknown): Promise<Authentication<unknown> | null>;
  /** Who it is has been decided: give the connection a session. */
  admit(entrance: Entrance, hello: HelloMessage, authentication: Authentication<unknown>): Promise<void>;
  /** The connection ended before it had a session. */
  left(entrance: Entrance): void;
}

/** A connection before it has a session: nobody is known yet, so that nothing is kept and nothing runs. */
export class Entrance implements LinkListener {
  readonly request: ConnectRequest;
  readonly transport: Transport;
  readonly link: Link;
  readonly #host: EntranceHost;

  constructor(host: EntranceHost, transport: Transport, request: ConnectRequest) {
    this.#host = host;
    this.transport = transport;
    this.request = request;
    const { intervalMs, timeoutMs } = host.heartbeat;
    this.link = new Link(
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

  get transportListener(): TransportListener {
    return this.link.transportListener;
  }

  tick(now: number): void {
    this.link.tick(now);
  }

  dismiss(code: number, retryAfterMs: number, reason: string): void {
    this.link.leave(code, retryAfterMs, reason);
  }

  hello(message: HelloMessage): void {
    const auth = decodeValue(this.#host.serializer, message, 3);
    this.#authenticate(message, auth).catch((error: unknown) => this.#refuse(error));
  }

  closed(): void {
    this.#host.left(this);
  }

  // Before the session is open nothing else is told, and a server is neither welcomed nor sent away.
  welcome(): void {}

  leave(): void {}

  latency(): void {}

  alive(): void {}

  message(): void {}

  pending(): void {}

  async #authenticate(message: HelloMessage, auth: unknown): Promise<void> {
    const authentication = await this.#host.authenticate(this.request, auth);
    if (authentication === null) return this.link.close(CloseCode.NotAuthenticated, 'not authenticated');
    if (!isAuthentication(authentication)) {
      throw new UsageError('BAD_OPTION', 'authenticate must return { context } or null');
    }
    if (!this.link.isClosed) await this.#host.admit(this, message, authentication);
  }

  #refuse(error: unknown): void {
    if (error instanceof Failure) {
      const code = error.code === 'FORBIDDEN' ? CloseCode.Forbidden : CloseCode.NotAuthenticated;
      return this.link.close(code, error.message);
    }
    const caller = { session: '', subject: null, remoteAddress: this.request.remoteAddress };
    const id = this.#host.report(error, null, caller);
    this.link.close(CloseCode.Internal, `the server failed; its log names the cause under ${id}`);
  }
}

/** What a program without types may have returned is not known: `undefined` must let nobody in. */
function isAuthentication(value: unknown): value is Authentication<unknown> {
  if (typeof value !== 'object' || value === null || !('context' in value)) return false;
  const { subject } = value as { subject?: unknown };
  return subject === undefined || typeof subject === 'string';
}
