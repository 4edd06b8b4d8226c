import { type Environment, ProtocolError } from '@typewire/core';
import { type AuthenticationMessage, encodeAuth, MessageType, thrownText } from '@typewire/core/internal';
import { fullJitter } from './reconnect.ts';
import { ConnectionError } from './status.ts';

export interface RenewalSettings {
  readonly environment: Pick<Environment, 'now' | 'random'>;
  readonly openTimeoutMs: number;
}

/** The connection whose client is authenticated anew. */
export interface RenewalHost {
  /** What `auth` gives now. */
  read(): string | Promise<string>;
  send(text: string): void;
  wakeAt(at: number): void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Shows the server fresh credentials over the connection there is, when it asks or the program does: `auth` is asked,
 * what it gives is sent, and the server answers. While time is left, what fails is tried again.
 * protocol: "Authentication".
 */
export class Renewal {
  readonly #settings: RenewalSettings;
  readonly #host: RenewalHost;
  /** `asking`: `auth` has not answered yet; `sent`: the server has not. */
  #phase: 'idle' | 'asking' | 'sent' = 'idle';
  /** Which question to `auth` counts: what an earlier one gives is old. */
  #question = 0;
  #failures = 0;
  /** When the server ends the session unless it is renewed. */
  #endsAt = Number.POSITIVE_INFINITY;
  /** Until when `auth`, or the server, must have answered, or when `auth` is asked again. */
  #dueAt = Number.POSITIVE_INFINITY;
  #waiters: Waiter[] = [];
  /** They came when older credentials were with the server already. */
  #late: Waiter[] = [];

  constructor(settings: RenewalSettings, host: RenewalHost) {
    this.#settings = settings;
    this.#host = host;
  }

  get deadline(): number {
    return this.#dueAt;
  }

  /** The program asks. Resolves once the server has taken what `auth` gives from here on. */
  start(): Promise<void> {
    const isLate = this.#phase === 'sent';
    const taken = new Promise<void>((resolve, reject) => {
      (isLate ? this.#late : this.#waiters).push({ resolve, reject });
    });
    if (!isLate) this.#ask();
    else if (this.#waiters.length === 0) this.#limit();
    return taken;
  }

  /** Resolves once a connection is open: it was opened with what `auth` gave. */
  whenOpened(): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** @throws {ProtocolError} for an answer to what was not sent. */
  receive(message: AuthenticationMessage): void {
    if (message[0] === MessageType.Renew && !message[2]) {
      this.#endsAt = this.#settings.environment.now() + message[1];
      // Whatever is under way answers it.
      if (this.#phase === 'idle' && this.#dueAt === Number.POSITIVE_INFINITY) this.#ask();
      return;
    }
    if (this.#phase !== 'sent') throw new ProtocolError('MALFORMED', 'an answer to credentials that were not sent');
    this.#phase = 'idle';
    if (message[0] === MessageType.Renew) {
      this.#endsAt = message[1] === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : this.#now() + message[1];
      this.#failed(new ConnectionError('AUTH', 'the server could not check the credentials', null));
    } else this.#taken();
  }

  tick(now: number): void {
    if (now < this.#dueAt) return;
    if (this.#phase === 'idle') return this.#ask();
    if (this.#phase === 'sent') return this.#unanswered();
    const { openTimeoutMs } = this.#settings;
    this.#failed(new ConnectionError('AUTH', `auth did not answer within ${openTimeoutMs} ms`, null));
  }

  /** A connection is open, with fresh credentials. */
  opened(): void {
    this.#taken();
  }

  /** The connection is gone. The next one begins with fresh credentials. */
  lost(): void {
    this.#rest();
    this.#waiters.push(...this.#late.splice(0));
  }

  closed(error: Error): void {
    this.lost();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  #ask(): void {
    const question = ++this.#question;
    this.#phase = 'asking';
    this.#limit();
    const read = async (): Promise<string> => this.#host.read();
    read().then(
      (auth) => {
        if (question !== this.#question) return;
        this.#phase = 'sent';
        this.#limit();
        this.#host.send(encodeAuth(auth));
      },
      (error: unknown) => {
        if (question !== this.#question) return;
        this.#failed(new ConnectionError('AUTH', `auth failed: ${thrownText(error)}`, null, error));
      },
    );
  }

  #taken(): void {
    this.#rest();
    this.#failures = 0;
    this.#endsAt = Number.POSITIVE_INFINITY;
    for (const { resolve } of this.#waiters.splice(0)) resolve();
    if (this.#late.length === 0) return;
    this.#waiters = this.#late.splice(0);
    this.#ask();
  }

  /** The program is told at once; what the server has asked for is tried again until its time is over. */
  #failed(error: ConnectionError): void {
    this.#rest();
    for (const { reject } of this.#waiters.splice(0)) reject(error);
    if (this.#late.length > 0) {
      this.#waiters = this.#late.splice(0);
      return this.#ask();
    }
    if (this.#endsAt === Number.POSITIVE_INFINITY) return;
    const now = this.#now();
    const delayMs = fullJitter(++this.#failures, this.#settings.environment.random);
    // Spread, and yet often enough before the end.
    this.#dueAt = now + Math.max(100, Math.min(delayMs, (this.#endsAt - now) / 2));
    this.#host.wakeAt(this.#dueAt);
  }

  /**
   * Whoever waits is told; the connection goes on, and what the server still answers is taken. Until it does, it must not
   * be sent other credentials.
   */
  #unanswered(): void {
    const { openTimeoutMs } = this.#settings;
    const text = `the server did not answer to the credentials within ${openTimeoutMs} ms: see the option openTimeoutMs`;
    const error = new ConnectionError('AUTH', text, null);
    const waiters = this.#waiters.length > 0 ? this.#waiters : this.#late;
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const { reject } of waiters.splice(0)) reject(error);
    if (this.#late.length > 0) this.#limit();
  }

  /** What is under way has `openTimeoutMs` from now on. */
  #limit(): void {
    this.#dueAt = this.#now() + this.#settings.openTimeoutMs;
    this.#host.wakeAt(this.#dueAt);
  }

  /** Nothing is under way any more. */
  #rest(): void {
    this.#phase = 'idle';
    this.#question++;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #now(): number {
    return this.#settings.environment.now();
  }
}
