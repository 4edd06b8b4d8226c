import { CloseCode, ProtocolError } from '@typewire/core';
import { AUTHENTICATED, type AuthMessage, decodeValue, encodeRenew, type ServerLink } from '@typewire/core/internal';
import type { Caller } from '../caller.ts';
import type { PeerHost } from '../peer-host.ts';
import { toCount } from '../read-options.ts';
import type { ConnectRequest } from './authenticate.ts';
import { type Identity, mayBecome, Refused } from './identity.ts';

/** The session that is renewed. */
export interface RenewedSession {
  readonly caller: Caller;
  reauthenticate(identity: Identity): Promise<void>;
  /** Ends the session, and closes its connection with `code`. */
  expel(code: number, reason: string): void;
}

/** Credentials a client has sent, until they are answered. */
interface Attempt {
  readonly auth: unknown;
  readonly startAt: number;
  /** When `authenticate` must have answered; `null` while it has not been asked. */
  answerBy: number | null;
}

/** One client makes `authenticate` run this often at most, after the first few times. */
const INTERVAL_MS = 1_000;
const BURST = 5;

/**
 * Renews who a session's client is over the connection it has: asks for fresh credentials in time, checks those that
 * come, one after the other, and ends a session that was not renewed. protocol: "Authentication".
 */
export class Renewal {
  readonly #host: PeerHost;
  readonly #session: RenewedSession;
  #link: ServerLink | null = null;
  #request: ConnectRequest | null = null;
  #askAt = Number.POSITIVE_INFINITY;
  #endsAt = Number.POSITIVE_INFINITY;
  #attempt: Attempt | null = null;
  /** As if each run took `INTERVAL_MS`: when the last of them would be over. */
  #busyUntil = 0;

  constructor(host: PeerHost, session: RenewedSession) {
    this.#host = host;
    this.#session = session;
  }

  /** Time counts from here on for a connection whose client has just been authenticated. */
  attach(link: ServerLink, request: ConnectRequest): void {
    this.#link = link;
    this.#request = request;
    this.#attempt = null;
  }

  /** Without a connection nobody can be asked; whoever comes back is authenticated anew. */
  detach(): void {
    this.#link = null;
    this.#attempt = null;
  }

  /** The client has been authenticated just now, until `expiresAt`. What it had sent before has no say any more. */
  schedule(expiresAt: number): void {
    this.#attempt = null;
    const { environment, authentication } = this.#host;
    const { renewBeforeMs, graceMs } = authentication;
    const now = environment.now();
    const ahead = Math.min(renewBeforeMs * (1 + 0.2 * environment.random()), (expiresAt - now) / 2);
    this.#askAt = expiresAt === Number.POSITIVE_INFINITY ? expiresAt : expiresAt - ahead;
    this.#endsAt = expiresAt + graceMs;
  }

  /** @throws {ProtocolError} for credentials sent before those before them were answered. */
  receive(message: AuthMessage): void {
    if (this.#attempt !== null)
      throw new ProtocolError('MALFORMED', 'credentials before the ones before were answered');
    const now = this.#host.environment.now();
    this.#busyUntil = Math.max(this.#busyUntil, now) + INTERVAL_MS;
    const startAt = this.#busyUntil - BURST * INTERVAL_MS;
    this.#attempt = { auth: decodeValue(this.#host.serializer, message, 1), startAt, answerBy: null };
    this.#startWhenDue(this.#attempt, now);
  }

  tick(now: number): void {
    if (this.#link === null) return;
    const attempt = this.#attempt;
    if (attempt !== null) {
      if (attempt.answerBy === null) this.#startWhenDue(attempt, now);
      else if (now >= attempt.answerBy) {
        this.#failed(attempt, new Error('authenticate has not answered within limits.helloTimeoutMs'));
      }
    }
    if (now >= this.#endsAt) {
      return this.#session.expel(CloseCode.NotAuthenticated, 'the authentication has expired and was not renewed');
    }
    if (now < this.#askAt) return;
    this.#askAt = Number.POSITIVE_INFINITY;
    this.#ask(false);
  }

  #startWhenDue(attempt: Attempt, now: number): void {
    if (now < attempt.startAt || this.#request === null) return;
    attempt.answerBy = now + this.#host.limits.helloTimeoutMs;
    this.#host.authenticator
      .authenticate(this.#request, attempt.auth, (identity) => this.#accept(attempt, identity))
      .catch((error: unknown) => {
        // Of a connection that is gone, or answered too late: nobody waits for it.
        if (this.#attempt !== attempt) return;
        if (error instanceof Refused) this.#session.expel(error.code, error.message);
        else this.#failed(attempt, error);
      });
  }

  #accept(attempt: Attempt, identity: Identity): void {
    if (this.#attempt !== attempt) return;
    if (!mayBecome(this.#session.caller.subject, identity.subject)) {
      throw new Refused(CloseCode.SubjectChanged, 'the client of this session is somebody else now');
    }
    // Its rules may take their time: what is asked from here on is asked as the new one in any case.
    this.#session.reauthenticate(identity).catch((error: unknown) => this.#report(error));
    this.#link?.sendUncounted(AUTHENTICATED);
  }

  /** The client stays who it was. */
  #failed(attempt: Attempt, error: unknown): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = null;
    this.#report(error);
    this.#ask(true);
  }

  #ask(failed: boolean): void {
    this.#link?.sendUncounted(encodeRenew(toCount(Math.max(0, this.#endsAt - this.#host.environment.now())), failed));
  }

  #report(error: unknown): void {
    this.#host.report(error, null, this.#session.caller);
  }
}
