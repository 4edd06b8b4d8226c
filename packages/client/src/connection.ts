import {
  CloseCode,
  type Connect,
  isTerminalClose,
  type Serializer,
  type TimerEnvironment,
  type Transport,
  UsageError,
} from '@typewire/core';
import {
  CallTable,
  encodeValue,
  MessageType,
  type PeerMessage,
  Session,
  type SessionClose,
  type SessionListener,
  SubscriptionTable,
} from '@typewire/core/internal';
import { Events, reportUncaught } from './events.ts';
import type { ClientOptions, clientDefaults } from './options.ts';
import { hintedDelay } from './reconnect.ts';
import { ConnectionError, type ConnectionStatus } from './status.ts';
import { onWake } from './wake-signals.ts';
import { WakeTimer } from './wake-timer.ts';

export type ConnectionSettings = typeof clientDefaults & {
  readonly url: ClientOptions['url'];
  readonly auth: unknown;
  readonly serializer: Serializer;
  readonly connect: Connect;
  readonly environment: TimerEnvironment;
};

/** Within this a connection must answer after the page woke up. protocol: "Heartbeat". */
const PROBE_TIMEOUT_MS = 3_000;

/** When a new connection is measured first. */
const MEASURE_AFTER_MS = 500;

/** One attempt to connect, and the connection that came of it. */
interface Attempt {
  session: Session | null;
  transport: Transport | null;
}

/**
 * Keeps one connection to the server: opens it, notices its loss, and opens the next after a random wait. What is
 * asked and followed lives in the two tables and outlasts every connection.
 */
export class Connection {
  readonly calls: CallTable;
  readonly subscriptions: SubscriptionTable;
  readonly events: Events<{ status: (status: ConnectionStatus) => void }> = new Events();
  readonly #settings: ConnectionSettings;
  readonly #timer: WakeTimer;
  readonly #stopWake: () => void;
  #status: ConnectionStatus = { state: 'connecting', attempt: 0, retryAtMs: null, latencyMs: null, error: null };
  #attempt: Attempt | null = null;
  #openedAt: number | null = null;
  #hintMs = 0;
  #measureAt: number | null = null;
  #flushing = false;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.calls = new CallTable({ serializer: settings.serializer, maxQueueSize: settings.maxQueueBytes });
    this.subscriptions = new SubscriptionTable(settings.serializer, this.calls);
    this.#timer = new WakeTimer(settings.environment, (now) => this.#tick(now));
    this.#stopWake = onWake(() => this.wake());
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

  /** Sends on the open session; without one, nothing happens. */
  send(text: string): void {
    this.#attempt?.session?.send(text);
  }

  /** Something with a deadline was added to the tables. */
  deadlinesChanged(): void {
    this.#timer.wakeAt(this.calls.deadline);
  }

  /** The page or the network came back, or somebody asks: checks an open connection, and hurries a planned attempt. */
  wake(): void {
    const session = this.#attempt?.session;
    if (session?.isOpen) {
      session.probe(PROBE_TIMEOUT_MS);
      this.#timer.wakeAt(session.deadline);
    } else if (this.#attempt === null && !this.isClosed) this.#connect();
  }

  /** Ends for good: calls reject, subscriptions end. */
  close(): void {
    if (this.isClosed) return;
    const attempt = this.#attempt;
    this.#attempt = null;
    // What was said in this very tick still leaves.
    attempt?.session?.close(CloseCode.Done, '');
    if (!attempt?.session) attempt?.transport?.close(CloseCode.Done, '');
    this.#finish('the client was closed', null);
  }

  #connect(): void {
    const attempt: Attempt = { session: null, transport: null };
    this.#attempt = attempt;
    this.#update({ retryAtMs: null });
    this.#open(attempt).catch((error: unknown) => {
      if (this.#attempt !== attempt) return;
      // A bug of the program fails each time the same; what `auth` and `url` throw may be a network that is away.
      if (error instanceof UsageError) {
        this.#attempt = null;
        return this.#finish(error.message, new ConnectionError('BAD_OPTION', error.message, null, error));
      }
      this.#lost(new ConnectionError('AUTH', `the connection could not be prepared: ${String(error)}`, null, error));
    });
  }

  async #open(attempt: Attempt): Promise<void> {
    const { url, auth, serializer, connect, environment } = this.#settings;
    // Awaited only when there is something to await: a connection is then under way in the tick that asked for it.
    const address = typeof url === 'function' ? await url() : url;
    const credentials = typeof auth === 'function' ? await auth() : auth;
    if (this.#attempt !== attempt) return;
    const hello = encodeValue(serializer, credentials);
    const listener = {
      opened: () => attempt.session?.hello({ control: transport.ping !== undefined }, hello),
      message: (data: string | Uint8Array) => attempt.session?.receive(data),
      heard: (frame: 'ping' | 'pong') => attempt.session?.heard(frame),
      closed: (event: { code: number; reason: string; error?: Error }) => attempt.session?.transportClosed(event),
    };
    const transport = connect(address, listener);
    attempt.transport = transport;
    attempt.session = new Session(
      {
        role: 'client',
        environment,
        heartbeat: { intervalMs: this.#settings.watchdogMs, timeoutMs: this.#settings.watchdogTimeoutMs },
        openTimeoutMs: this.#settings.openTimeoutMs,
        maxHelloLength: Number.POSITIVE_INFINITY,
      },
      transport,
      this.#sessionListener(attempt),
    );
    this.#timer.wakeAt(attempt.session.deadline);
  }

  #sessionListener(attempt: Attempt): SessionListener {
    const whenCurrent = (run: () => void): void => {
      if (this.#attempt === attempt) run();
    };
    return {
      hello: () => {},
      welcome: () => whenCurrent(() => this.#opened()),
      message: (message) => whenCurrent(() => this.#receive(message)),
      leave: (_code, retryAfterMs) => {
        this.#hintMs = retryAfterMs;
      },
      latency: (latencyMs) => whenCurrent(() => this.#update({ latencyMs: Math.round(latencyMs * 10) / 10 })),
      pending: () => this.#flushSoon(),
      closed: (event) => whenCurrent(() => this.#sessionClosed(event)),
    };
  }

  #opened(): void {
    const now = this.now();
    this.#openedAt = now;
    this.#hintMs = 0;
    const send = (text: string): void => this.send(text);
    this.#update({ state: 'open', retryAtMs: null, error: null });
    // A listener of `status` may have closed the client.
    if (this.isClosed) return;
    this.calls.connected(send, now, () => this.subscriptions.connected(send, now));
    // Later, when what the page does at its start no longer counts as the network's time.
    this.#measureAt = now + MEASURE_AFTER_MS;
    this.#timer.wakeAt(Math.min(this.calls.deadline, this.#measureAt));
  }

  #receive(message: PeerMessage): void {
    switch (message[0]) {
      case MessageType.Result:
      case MessageType.Error:
      case MessageType.Item:
      case MessageType.End:
        return this.calls.receive(message);
      case MessageType.Subscribed:
      case MessageType.Event:
      case MessageType.Ended:
      case MessageType.Gap:
        return this.subscriptions.receive(message);
      default:
      // The server calls nothing of this client, and what this client does not serve it ignores.
    }
  }

  #sessionClosed(event: SessionClose): void {
    const text = event.reason || event.error?.message || 'the connection was lost';
    if (isTerminalClose(event.code) && !event.local) {
      this.#attempt = null;
      return this.#finish(text, new ConnectionError('REFUSED', text, event.code, event.error));
    }
    this.#lost(new ConnectionError('LOST', text, event.code, event.error));
  }

  #lost(error: ConnectionError): void {
    const now = this.now();
    const wasStable = this.#openedAt !== null && now - this.#openedAt >= this.#settings.stableMs;
    const attempt = wasStable ? 1 : this.#status.attempt + 1;
    this.#attempt = null;
    this.#openedAt = null;
    this.#measureAt = null;
    const { random } = this.#settings.environment;
    const delayMs = this.#hintMs > 0 ? hintedDelay(this.#hintMs, random) : this.#settings.retryDelayMs(attempt, random);
    this.#hintMs = 0;
    if (delayMs === null) {
      return this.#finish(error.message, new ConnectionError('GAVE_UP', error.message, error.closeCode, error));
    }
    const state = this.#status.state === 'connecting' ? 'connecting' : 'reconnecting';
    this.#timer.wakeAt(now + delayMs);
    this.#status = { ...this.#status, state, attempt, retryAtMs: now + delayMs, error };
    // Before anybody is told: what a listener calls from here on waits for the next connection.
    this.calls.disconnected();
    this.subscriptions.disconnected();
    this.#update({});
  }

  #finish(reason: string, error: ConnectionError | null): void {
    this.#timer.stop();
    this.#stopWake();
    this.#update({ state: 'closed', retryAtMs: null, error });
    this.subscriptions.close();
    this.calls.close(reason);
  }

  #tick(now: number): void {
    this.calls.tick(now);
    this.#attempt?.session?.tick(now);
    if (this.#measureAt !== null && now >= this.#measureAt) {
      this.#measureAt = null;
      this.#attempt?.session?.probe(this.#settings.watchdogTimeoutMs);
    }
    const { retryAtMs } = this.#status;
    if (retryAtMs !== null && now >= retryAtMs) this.#connect();
    this.#timer.wakeAt(this.calls.deadline);
    if (this.#attempt?.session) this.#timer.wakeAt(this.#attempt.session.deadline);
    if (this.#status.retryAtMs !== null) this.#timer.wakeAt(this.#status.retryAtMs);
    if (this.#measureAt !== null) this.#timer.wakeAt(this.#measureAt);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#settings.environment.defer(() => {
      this.#flushing = false;
      this.#attempt?.session?.flush();
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
