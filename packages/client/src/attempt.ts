import { isTerminalClose } from '@typewire/core';
import {
  type AuthenticatedMessage,
  ClientLink,
  type ClientLinkListener,
  isResumableClose,
  type LinkClose,
  type PeerMessage,
  type RenewMessage,
  thrownText,
  type WelcomeMessage,
} from '@typewire/core/internal';
import type { ClientSession } from './client-session.ts';
import { closeText, isOurs } from './close-text.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { readCredentials } from './credentials.ts';
import { handlerPart } from './parts.ts';
import { ConnectionError } from './status.ts';

/** Longest delay a server may ask for: one that asks for more is mistaken. protocol: "Leave". */
const MAX_HINT_MS = 300_000;

/** When a new connection is measured first. */
const MEASURE_AFTER_MS = 500;

/** What an attempt tells, as long as it has not been given up. */
export interface AttemptHost {
  opened(link: ClientLink, message: WelcomeMessage): void;
  /** @throws {ProtocolError} for an answer to what was not sent. */
  authentication(message: RenewMessage | AuthenticatedMessage): void;
  latency(latencyMs: number): void;
  /**
   * The last call: there is no connection, or none any more. Without `mayResume` the server's session ended with it;
   * `hintMs` is how long the server asks to stay away, 0 when it does not.
   */
  lost(error: ConnectionError, mayResume: boolean, hintMs: number): void;
  /** A deadline may be earlier than before. */
  deadlinesChanged(): void;
}

/** One attempt to connect, and the connection that comes of it. */
export class Attempt implements ClientLinkListener {
  readonly #settings: ConnectionSettings;
  readonly #session: ClientSession;
  /** Until it is given up. */
  #host: AttemptHost | null;
  #link: ClientLink | null = null;
  /** When it is given up, as long as there is no link with a deadline of its own. */
  readonly #openBy: number;
  #measureAt = Number.POSITIVE_INFINITY;
  #hintMs = 0;
  /** When the session was opened; `Infinity` before. */
  openedAt: number = Number.POSITIVE_INFINITY;

  constructor(settings: ConnectionSettings, session: ClientSession, host: AttemptHost) {
    this.#settings = settings;
    this.#session = session;
    this.#host = host;
    this.#openBy = settings.environment.now() + settings.openTimeoutMs;
  }

  get deadline(): number {
    return Math.min(this.#link?.deadline ?? this.#openBy, this.#measureAt);
  }

  /** The connection, while it is open. */
  get openLink(): ClientLink | null {
    return this.#link?.isOpen ? this.#link : null;
  }

  start(): void {
    this.#open().catch((error: unknown) => {
      // A bug of the program fails each time the same; what `auth` and `url` throw may be a network that is away.
      const failure = isUsageError(error)
        ? new ConnectionError('BAD_OPTION', error.message, null, error)
        : new ConnectionError('AUTH', `the connection could not be prepared: ${thrownText(error)}`, null, error);
      this.#lose(failure);
    });
  }

  /** From here on it tells nothing. What was said in this very tick still leaves. */
  abandon(code: number): void {
    this.#host = null;
    this.#link?.close(code, '');
  }

  tick(now: number): void {
    if (this.#link !== null) this.#link.tick(now);
    else if (now >= this.#openBy) {
      const text = `auth or url did not answer within ${this.#settings.openTimeoutMs} ms`;
      this.#lose(new ConnectionError('AUTH', text, null));
    }
    if (now < this.#measureAt) return;
    this.#measureAt = Number.POSITIVE_INFINITY;
    this.#link?.probe(this.#settings.watchdogTimeoutMs);
  }

  welcome(message: WelcomeMessage): void {
    this.openedAt = this.#settings.environment.now();
    // Later, when what the page does at its start no longer counts as the network's time.
    this.#measureAt = this.openedAt + MEASURE_AFTER_MS;
    if (this.#link !== null) this.#host?.opened(this.#link, message);
  }

  message(message: PeerMessage): void {
    if (this.#host !== null) this.#session.receive(message);
  }

  authentication(message: RenewMessage | AuthenticatedMessage): void {
    this.#host?.authentication(message);
  }

  leave(_code: number, retryAfterMs: number): void {
    this.#hintMs = Math.min(retryAfterMs, MAX_HINT_MS);
  }

  latency(latencyMs: number): void {
    this.#host?.latency(latencyMs);
  }

  pending(): void {
    this.#settings.environment.defer(() => this.#link?.flush());
  }

  closed(event: LinkClose): void {
    const code = isTerminalClose(event.code) && !isOurs(event) ? 'REFUSED' : 'LOST';
    // A server that said to leave has no session to come back to.
    const mayResume = isResumableClose(event.code) && this.#hintMs === 0;
    this.#lose(new ConnectionError(code, closeText(event), event.code, event.error), mayResume);
  }

  async #open(): Promise<void> {
    const { connect, environment, handlers, watchdogMs, watchdogTimeoutMs } = this.#settings;
    const session = this.#session;
    const needs = this.#needs();
    // Awaited only when there is something to await: a connection is then under way in the tick that asked for it.
    const [{ decodeBinary }, part, hello, address] = needs.some((need) => need instanceof Promise)
      ? await Promise.all(needs)
      : (needs as { [At in keyof typeof needs]: Awaited<(typeof needs)[At]> });
    if (this.#host === null) return;
    if (handlers !== null && part !== null) session.handlers ??= new part.HandlerRunner(handlers, session);
    const transport = connect(address, {
      opened: () => {
        const control = transport.ping !== undefined;
        const { name: client, resume } = session;
        link.hello({ control, client, resume }, hello);
      },
      message: (data) => {
        link.receive(data);
        // A confirmation may be due sooner than anything before.
        this.#host?.deadlinesChanged();
      },
      heard: (frame) => link.heard(frame),
      drained: () => session.room?.tell(),
      closed: (event) => link.transportClosed(event),
    });
    const link = new ClientLink(
      {
        environment,
        shapes: session.shapes,
        decodeBinary,
        heartbeat: { intervalMs: watchdogMs, timeoutMs: watchdogTimeoutMs },
        // What `url` and `auth` took is gone.
        openTimeoutMs: Math.max(1, this.#openBy - environment.now()),
      },
      transport,
      this,
    );
    this.#link = link;
    this.#host.deadlinesChanged();
  }

  /** What there must be before a connection is opened: it is there, being loaded, or asked of the program. */
  #needs() {
    const { binary, handlers, url } = this.#settings;
    return [
      binary.load(),
      handlers === null ? null : handlerPart.load(),
      readCredentials(this.#settings, this.#session.maxMessageBytes),
      typeof url === 'function' ? (async () => url())() : url,
    ] as const;
  }

  #lose(error: ConnectionError, mayResume = true): void {
    const host = this.#host;
    this.#host = null;
    host?.lost(error, mayResume, this.#hintMs);
  }
}

/** By name: the engine of `@typewire/node` has a class of its own. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'UsageError';
}
