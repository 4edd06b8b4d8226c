import { CloseCode, type Transport, type TransportListener } from '@typewire/core';
import {
  checkNesting,
  type DecodeBinary,
  decodeBinary,
  decodeValue,
  type HelloMessage,
  ServerLink,
  type ServerLinkListener,
  serverShapes,
} from '@typewire/core/internal';
import type { ConnectRequest } from './authentication/authenticate.ts';
import { type Identity, Refused } from './authentication/identity.ts';
import type { PeerHost } from './peer-host.ts';
import { TokenBucket } from './token-bucket.ts';

export interface EntranceHost extends PeerHost {
  /** Who it is has been decided: give the connection a session. `refuseRevoked` throws when it must not have one any more. */
  admit(entrance: Entrance, hello: HelloMessage, identity: Identity, refuseRevoked: () => void): Promise<void>;
  /** The connection ended before it had a session. */
  left(entrance: Entrance): void;
}

/** What somebody unknown sends is scanned before it is parsed. */
const decodeChecked: DecodeBinary = (bytes, shapes) => decodeBinary(bytes, shapes, checkNesting);

/** A connection before it has a session: nobody is known yet, so that nothing is kept and nothing runs. */
export class Entrance implements ServerLinkListener {
  readonly request: ConnectRequest;
  readonly transport: Transport;
  readonly link: ServerLink;
  readonly #host: EntranceHost;

  constructor(host: EntranceHost, transport: Transport, request: ConnectRequest) {
    this.#host = host;
    this.transport = transport;
    this.request = request;
    const { intervalMs, timeoutMs } = host.heartbeat;
    this.link = new ServerLink(
      {
        environment: host.environment,
        shapes: serverShapes,
        decodeBinary: decodeChecked,
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
    const { maxMessagesPerSecond } = this.#host.limits;
    const { transportListener } = this.link;
    if (maxMessagesPerSecond === Number.POSITIVE_INFINITY) return transportListener;
    const bucket = new TokenBucket(maxMessagesPerSecond);
    const within = (): boolean => {
      if (bucket.take(this.#host.environment.now())) return true;
      const text = `more than ${maxMessagesPerSecond} messages per second: see the option limits.maxMessagesPerSecond`;
      this.link.close(CloseCode.Policy, text);
      return false;
    };
    return {
      ...transportListener,
      message: (data) => within() && transportListener.message(data),
      heard: (frame) => within() && transportListener.heard(frame),
    };
  }

  tick(now: number): void {
    this.link.tick(now);
  }

  dismiss(code: number, retryAfterMs: number, reason: string): void {
    this.link.leave(code, retryAfterMs, reason);
  }

  hello(message: HelloMessage): void {
    const auth = decodeValue(this.#host.serializer, message, 3);
    this.#host.authenticator
      .authenticate(this.request, auth, async (identity, refuseRevoked) => {
        if (!this.link.isClosed) await this.#host.admit(this, message, identity, refuseRevoked);
      })
      .catch((error: unknown) => this.#refuse(error));
  }

  closed(): void {
    this.#host.left(this);
  }

  // Before the session is open nothing else is told.
  alive(): void {}

  message(): void {}

  authentication(): void {}

  pending(): void {}

  #refuse(error: unknown): void {
    if (error instanceof Refused) return this.link.close(error.code, error.message);
    const caller = { session: '', subject: null, remoteAddress: this.request.remoteAddress };
    const id = this.#host.report(error, null, caller);
    this.link.close(CloseCode.Internal, `the server failed; its log names the cause under ${id}`);
  }
}
