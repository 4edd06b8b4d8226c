import { CloseCode, ProtocolError, UsageError } from '@typewire/core';
import {
  type AuthenticatedMessage,
  type ClientLink,
  MessageType,
  type RenewMessage,
  thrownText,
  type WelcomeMessage,
} from '@typewire/core/internal';
import { Attempt, type AttemptHost } from './attempt.ts';
import { ClientSession } from './client-session.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { readCredentials } from './credentials.ts';
import { Events, reportUncaught } from './events.ts';
import { onPage } from './page-signals.ts';
import { renewalPart } from './parts.ts';
import { chosenDelay, hintedDelay } from './reconnect.ts';
import type { Renewal } from './renewal.ts';
import { ConnectionError, type ConnectionStatus, initialStatus } from './status.ts';
import { WakeTimer } from './wake-timer.ts';

/** Within this a connection must answer after the page woke up. protocol: "Heartbeat". */
const PROBE_TIMEOUT_MS = 3_000;

/** Keeps one connection to the server: opens it, notices its loss, and opens the next after a random wait. */
export class Connection implements AttemptHost {
  session: ClientSession;
  readonly events: Events<{ status: (status: ConnectionStatus) => void }> = new Events();
  readonly #settings: ConnectionSettings;
  readonly #timer: WakeTimer;
  /** Once there is something to renew. */
  #renewal: Renewal | null = null;
  #leavePage: () => void;
  #status: ConnectionStatus = initialStatus;
  #attempt: Attempt | null = null;

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

  deadlinesChanged(): void {
    if (this.isClosed) return;
    const never = Number.POSITIVE_INFINITY;
    const ofConnection = Math.min(this.#attempt?.deadline ?? never, this.#renewal?.deadline ?? never);
    this.#timer.wakeAt(Math.min(this.session.deadline, ofConnection, this.#status.retryAtMs ?? never));
  }

  /** The page or the network came back, or somebody asks: checks an open connection, and hurries a planned attempt. */
  wake(): void {
    const link = this.#attempt?.openLink;
    if (link) {
      link.probe(PROBE_TIMEOUT_MS);
      this.deadlinesChanged();
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
    if (this.#attempt?.openLink) return renewal.start();
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

  opened(link: ClientLink, message: WelcomeMessage): void {
    const outcome = this.session.opened(link, message, this.now());
    if (outcome === null) return link.close(CloseCode.Suspended, 'what the server missed is no longer here');
    this.#renewal?.opened();
    this.#update({ state: 'open', retryAtMs: null, error: null, session: outcome });
    this.deadlinesChanged();
  }

  authentication(message: RenewMessage | AuthenticatedMessage): void {
    if (this.#renewal !== null) return this.#renewal.receive(message);
    if (message[0] !== MessageType.Renew || message[2]) {
      throw new ProtocolError('MALFORMED', 'an answer to credentials that were not sent');
    }
    const attempt = this.#attempt;
    // Without it the server ends the session when its time is over.
    this.#loadRenewal().then((renewal) => {
      if (this.#attempt === attempt) renewal.receive(message);
    }, reportUncaught);
  }

  latency(latencyMs: number): void {
    this.#update({ latencyMs: Math.round(latencyMs * 10) / 10 });
  }

  lost(error: ConnectionError, mayResume: boolean, hintMs: number): void {
    const now = this.now();
    const wasStable = now - (this.#attempt?.openedAt ?? now) >= this.#settings.stableMs;
    const attempt = wasStable ? 1 : this.#status.attempt + 1;
    this.#attempt = null;
    if (error.code === 'REFUSED' || error.code === 'BAD_OPTION') return this.#finish(error.message, error);
    const { environment, retryDelayMs } = this.#settings;
    const { random } = environment;
    const delayMs = hintMs > 0 ? hintedDelay(hintMs, random) : chosenDelay(retryDelayMs, attempt, random);
    // `retryDelayMs` is the program's, and may have closed the client.
    if (this.isClosed) return;
    if (delayMs === null) {
      return this.#finish(error.message, new ConnectionError('GAVE_UP', error.message, error.closeCode, error));
    }
    this.#disconnected(error, now + delayMs, attempt, mayResume);
  }

  #abandon(code: number = CloseCode.Done): void {
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.abandon(code);
  }

  #followPage(): () => void {
    return onPage(
      () => this.wake(),
      () => this.suspend(),
    );
  }

  #connect(): void {
    const attempt = new Attempt(this.#settings, this.session, this);
    this.#attempt = attempt;
    this.#update({ retryAtMs: null });
    this.deadlinesChanged();
    attempt.start();
  }

  async #loadRenewal(): Promise<Renewal> {
    const { Renewal } = await renewalPart.load();
    this.#renewal ??= new Renewal(this.#settings, {
      read: () => readCredentials(this.#settings, this.session.maxMessageBytes),
      send: (text) => this.#attempt?.openLink?.sendUncounted(text),
      wakeAt: (at) => this.#timer.wakeAt(at),
    });
    return this.#renewal;
  }

  /** There is no connection, and the next is tried at `retryAtMs`; with `null`, when something wakes this. */
  #disconnected(
    error: ConnectionError,
    retryAtMs: number | null,
    attempt = this.#status.attempt,
    mayResume = true,
  ): void {
    this.#renewal?.lost();
    const state = this.#status.state === 'connecting' ? 'connecting' : 'reconnecting';
    this.#status = { ...this.#status, state, attempt, retryAtMs, error };
    // Before anybody is told: what a listener calls from here on waits for the next connection.
    this.session.disconnected(mayResume, this.now());
    this.deadlinesChanged();
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
    this.#attempt?.tick(now);
    this.#renewal?.tick(now);
    if (now >= (this.#status.retryAtMs ?? Number.POSITIVE_INFINITY)) this.#connect();
    this.deadlinesChanged();
  }

  #update(change: Partial<ConnectionStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.events.emit('status', this.#status);
  }
}
