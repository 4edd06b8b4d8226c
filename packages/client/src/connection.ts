import {
  CloseCode,
  type Connect,
  isTerminalClose,
  ProtocolError,
  type Serializer,
  type TimerEnvironment,
  UsageError,
} from '@typewire/core';
import {
  type AuthenticationMessage,
  type DecodeBinary,
  isResumableClose,
  Link,
  type LinkClose,
  type LinkListener,
  MessageType,
  thrownText,
  type WelcomeMessage,
} from '@typewire/core/internal';
import { Attempt } from './attempt.ts';
import { ClientSession } from './client-session.ts';
import { closeText, isOurs } from './close-text.ts';
import { readCredentials } from './credentials.ts';
import { Events, reportUncaught } from './events.ts';
import type { Handler } from './handlers/read-handlers.ts';
import { Later } from './later.ts';
import type { ClientOptions, clientDefaults } from './options.ts';
import { onPage } from './page-signals.ts';
import { type binaryPart, handlerPart, renewalPart } from './parts.ts';
import { chosenDelay, hintedDelay } from './reconnect.ts';
import type { Renewal } from './renewal.ts';
import { ConnectionError, type ConnectionStatus, initialStatus } from './status.ts';
import { WakeTimer } from './wake-timer.ts';

export type ConnectionSettings = typeof clientDefaults & {
  readonly url: ClientOptions['url'];
  readonly auth: unknown;
  readonly serializer: Serializer;
  /** What is loaded later is there before there is a connection. */
  readonly decodeBinary: DecodeBinary | typeof binaryPart;
  readonly connect: Connect;
  readonly environment: TimerEnvironment;
  readonly handlers: ReadonlyMap<string, Handler> | null;
};

/** Within this a connection must answer after the page woke up. protocol: "Heartbeat". */
const PROBE_TIMEOUT_MS = 3_000;

/** Longest delay a server may ask for: one that asks for more is mistaken. protocol: "Leave". */
const MAX_HINT_MS = 300_000;

/** When a new connection is measured first. */
const MEASURE_AFTER_MS = 500;

/** Keeps one connection to the server: opens it, notices its loss, and opens the next after a random wait. */
export class Connection {
  session: ClientSession;
  readonly events: Events<{ status: (status: ConnectionStatus) => void }> = new Events();
  readonly #settings: ConnectionSettings;
  readonly #timer: WakeTimer;
  /** Once there is something to renew. */
  #renewal: Renewal | null = null;
  #leavePage: () => void;
  #status: ConnectionStatus = initialStatus;
  #attempt: Attempt | null = null;
  #openedAt: number | null = null;
  #hintMs = 0;
  #measureAt: number | null = null;
  #flushing = false;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.session = new ClientSession(settings);
    this.#timer = new WakeTimer(settings.environment, (now) => this.#tick(now));
    this.#leavePage = this.#followPage();
    this.#connect();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get isClosed(): boolean {
    return this.#status.state === 'closed';
  }

  now(): number {
    return this.#settings.environment.now();
  }

  /** Something with a deadline was added to the session. */
  deadlinesChanged(): void {
    this.#timer.wakeAt(this.session.deadline);
  }

  /** The page or the network came back, or somebody asks: checks an open connection, and hurries a planned attempt. */
  wake(): void {
    const link = this.#attempt?.link;
    if (link?.isOpen) {
      link.probe(PROBE_TIMEOUT_MS);
      this.#timer.wakeAt(link.deadline);
    } else if (this.#attempt === null && !this.isClosed) this.#connect();
  }

  /** The page is put away: lets go of the connection, keeps the session, and tries nothing until it wakes. */
  suspend(): void {
    if (this.isClosed || (this.#attempt === null && this.#status.retryAtMs === null)) return;
    this.#abandon(CloseCode.Suspended);
    this.#disconnected(new ConnectionError('LOST', 'the page was put away', CloseCode.Suspended), null);
  }

  /**
   * Asks `auth` again and has the server check what it gives: over the open connection, or with a new one, also when
   * the server had refused this client.
   */
  async reauthenticate(): Promise<void> {
    const renewal = await this.#loadRenewal().catch((error: unknown) => {
      throw new ConnectionError('AUTH', `the client could not be loaded in full: ${thrownText(error)}`, null, error);
    });
    if (this.#attempt?.link?.isOpen) return renewal.start();
    if (this.isClosed) {
      const { error } = this.#status;
      if (error === null) throw new UsageError('ALREADY_CLOSED', 'the client was closed');
      this.session = new ClientSession(this.#settings);
      this.#leavePage = this.#followPage();
      this.#status = { ...initialStatus, error };
    }
    const opened = renewal.whenOpened();
    // What an attempt that is under way was given may be older than what is to be shown now.
    this.#abandon();
    this.#connect();
    return opened;
  }

  /** Ends for good: calls reject, subscriptions end. */
  close(): void {
    if (this.isClosed) return;
    this.#abandon();
    this.#finish('the client was closed', null);
  }

  #abandon(code: number = CloseCode.Done): void {
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.close(code);
  }

  #followPage(): () => void {
    return onPage(
      () => this.wake(),
      () => this.suspend(),
    );
  }

  #connect(): void {
    const attempt = new Attempt(this.now() + this.#settings.openTimeoutMs);
    this.#attempt = attempt;
    this.#timer.wakeAt(attempt.openBy);
    this.#update({ retryAtMs: null });
    this.#open(attempt).catch((error: unknown) => {
      if (this.#attempt !== attempt) return;
      // A bug of the program fails each time the same; what `auth` and `url` throw may be a network that is away.
      if (isUsageError(error)) {
        this.#attempt = null;
        return this.#finish(error.message, new ConnectionError('BAD_OPTION', error.message, null, error));
      }
      this.#lost(
        new ConnectionError('AUTH', `the connection could not be prepared: ${thrownText(error)}`, null, error),
      );
    });
  }

  async #open(attempt: Attempt): Promise<void> {
    const { url, connect, environment, handlers } = this.#settings;
    if (handlers !== null && this.session.handlers === null) {
      const part = handlerPart.load();
      const { HandlerRunner } = part instanceof Promise ? await part : part;
      if (this.#attempt !== attempt) return;
      this.session.handlers = new HandlerRunner(handlers, this.session);
    }
    let { decodeBinary } = this.#settings;
    if (decodeBinary instanceof Later) {
      const part = decodeBinary.load();
      decodeBinary = (part instanceof Promise ? await part : part).decodeBinary;
      if (this.#attempt !== attempt) return;
    }
    // Awaited only when there is something to await: a connection is then under way in the tick that asked for it.
    const address = typeof url === 'function' ? await url() : url;
    const credentials = this.#readCredentials();
    const hello = typeof credentials === 'string' ? credentials : await credentials;
    if (this.#attempt !== attempt) return;
    const listener = {
      opened: () => {
        const control = transport.ping !== undefined;
        const { name: client, resume } = this.session;
        attempt.link?.hello(resume === undefined ? { control, client } : { control, client, resume }, hello);
      },
      message: (data: string | Uint8Array) => {
        attempt.link?.receive(data);
        // A confirmation may be due sooner than anything before.
        if (this.#attempt !== attempt || attempt.link === null) return;
        this.#timer.wakeAt(
          Math.min(attempt.link.deadline, this.session.handlers?.deadline ?? Number.POSITIVE_INFINITY),
        );
      },
      heard: (frame: 'ping' | 'pong') => attempt.link?.heard(frame),
      closed: (event: { code: number; reason: string; error?: Error }) => attempt.link?.transportClosed(event),
    };
    const transport = connect(address, listener);
    attempt.transport = transport;
    attempt.link = new Link(
      {
        role: 'client',
        environment,
        shapes: this.session.shapes,
        decodeBinary,
        heartbeat: { intervalMs: this.#settings.watchdogMs, timeoutMs: this.#settings.watchdogTimeoutMs },
        // What `url` and `auth` took is gone.
        openTimeoutMs: Math.max(1, attempt.openBy - this.now()),
        maxHelloLength: Number.POSITIVE_INFINITY,
      },
      transport,
      this.#linkListener(attempt),
    );
    this.#timer.wakeAt(attempt.link.deadline);
  }

  async #loadRenewal(): Promise<Renewal> {
    const { Renewal } = await renewalPart.load();
    this.#renewal ??= new Renewal(this.#settings, {
      read: () => this.#readCredentials(),
      send: (text) => this.#attempt?.link?.sendUncounted(text),
      wakeAt: (at) => this.#timer.wakeAt(at),
    });
    return this.#renewal;
  }

  #authentication(attempt: Attempt, message: AuthenticationMessage): void {
    if (this.#renewal !== null) return this.#renewal.receive(message);
    if (message[0] !== MessageType.Renew || message[2]) {
      throw new ProtocolError('MALFORMED', 'an answer to credentials that were not sent');
    }
    // Without it the server ends the session when its time is over.
    this.#loadRenewal().then((renewal) => {
      if (this.#attempt === attempt) renewal.receive(message);
    }, reportUncaught);
  }

  #readCredentials(): string | Promise<string> {
    return readCredentials(this.#settings, this.session.calls.maxMessageBytes);
  }

  #linkListener(attempt: Attempt): LinkListener {
    const whenCurrent = (run: () => void): void => {
      if (this.#attempt === attempt) run();
    };
    return {
      hello: () => {},
      alive: () => {},
      welcome: (message) => whenCurrent(() => this.#opened(attempt, message)),
      message: (message) => whenCurrent(() => this.session.receive(message)),
      authentication: (message) => whenCurrent(() => this.#authentication(attempt, message)),
      leave: (_code, retryAfterMs) => {
        this.#hintMs = Math.min(retryAfterMs, MAX_HINT_MS);
      },
      latency: (latencyMs) => whenCurrent(() => this.#update({ latencyMs: Math.round(latencyMs * 10) / 10 })),
      pending: () => this.#flushSoon(),
      closed: (event) => whenCurrent(() => this.#linkClosed(event)),
    };
  }

  #opened({ link }: Attempt, message: WelcomeMessage): void {
    if (link === null) return;
    const now = this.now();
    this.#openedAt = now;
    this.#hintMs = 0;
    // Later, when what the page does at its start no longer counts as the network's time.
    this.#measureAt = now + MEASURE_AFTER_MS;
    const outcome = this.session.opened(link, message, now);
    if (outcome === null) return link.close(CloseCode.Suspended, 'what the server missed is no longer here');
    this.#renewal?.opened();
    this.#update({ state: 'open', retryAtMs: null, error: null, session: outcome });
    // A listener may have closed the client.
    if (!this.isClosed) this.#timer.wakeAt(Math.min(this.session.deadline, this.#measureAt));
  }

  #linkClosed(event: LinkClose): void {
    const text = closeText(event);
    if (isTerminalClose(event.code) && !isOurs(event)) {
      this.#attempt = null;
      return this.#finish(text, new ConnectionError('REFUSED', text, event.code, event.error));
    }
    // A server that said to leave has no session to come back to.
    const mayResume = isResumableClose(event.code) && this.#hintMs === 0;
    this.#lost(new ConnectionError('LOST', text, event.code, event.error), mayResume);
  }

  #lost(error: ConnectionError, mayResume = true): void {
    const now = this.now();
    const wasStable = this.#openedAt !== null && now - this.#openedAt >= this.#settings.stableMs;
    const attempt = wasStable ? 1 : this.#status.attempt + 1;
    this.#attempt = null;
    const { environment, retryDelayMs } = this.#settings;
    const { random } = environment;
    const delayMs = this.#hintMs > 0 ? hintedDelay(this.#hintMs, random) : chosenDelay(retryDelayMs, attempt, random);
    // `retryDelayMs` is the program's, and may have closed the client.
    if (this.isClosed) return;
    this.#hintMs = 0;
    if (delayMs === null) {
      return this.#finish(error.message, new ConnectionError('GAVE_UP', error.message, error.closeCode, error));
    }
    this.#timer.wakeAt(now + delayMs);
    this.#disconnected(error, now + delayMs, attempt, mayResume);
  }

  /** There is no connection, and the next is tried at `retryAtMs`; with `null`, when something wakes this. */
  #disconnected(
    error: ConnectionError,
    retryAtMs: number | null,
    attempt = this.#status.attempt,
    mayResume = true,
  ): void {
    this.#openedAt = null;
    this.#measureAt = null;
    this.#renewal?.lost();
    const state = this.#status.state === 'connecting' ? 'connecting' : 'reconnecting';
    this.#status = { ...this.#status, state, attempt, retryAtMs, error };
    // Before anybody is told: what a listener calls from here on waits for the next connection.
    this.session.disconnected(mayResume, this.now());
    this.#timer.wakeAt(this.session.deadline);
    this.#update({});
  }

  #finish(reason: string, error: ConnectionError | null): void {
    // A listener may revive the client at once: what ends here is what there was until now.
    const { session } = this;
    this.#timer.stop();
    this.#leavePage();
    this.#renewal?.closed(error ?? new UsageError('ALREADY_CLOSED', reason));
    this.#update({ state: 'closed', retryAtMs: null, error });
    session.close(reason);
  }

  #tick(now: number): void {
    this.session.tick(now, this.#status.error);
    this.#attempt?.link?.tick(now);
    this.#renewal?.tick(now);
    if (this.#attempt !== null && this.#attempt.link === null && now >= this.#attempt.openBy) {
      const { openTimeoutMs } = this.#settings;
      this.#lost(new ConnectionError('AUTH', `auth or url did not answer within ${openTimeoutMs} ms`, null));
    }
    if (this.#measureAt !== null && now >= this.#measureAt) {
      this.#measureAt = null;
      this.#attempt?.link?.probe(this.#settings.watchdogTimeoutMs);
    }
    const { retryAtMs } = this.#status;
    if (retryAtMs !== null && now >= retryAtMs) this.#connect();
    this.#timer.wakeAt(Math.min(this.session.deadline, this.#renewal?.deadline ?? Number.POSITIVE_INFINITY));
    if (this.#attempt !== null) this.#timer.wakeAt(this.#attempt.deadline);
    if (this.#status.retryAtMs !== null) this.#timer.wakeAt(this.#status.retryAtMs);
    if (this.#measureAt !== null) this.#timer.wakeAt(this.#measureAt);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#settings.environment.defer(() => {
      this.#flushing = false;
      this.#attempt?.link?.flush();
    });
  }

  #update(change: Partial<ConnectionStatus>): void {
    this.#status = { ...this.#status, ...change };
    try {
      this.events.emit('status', this.#status);
    } catch (error) {
      reportUncaught(error);
    }
  }
}

/** By name: the engine of `@typewire/node` has a class of its own. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'UsageError';
}
