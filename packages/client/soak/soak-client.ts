import { setTimeout as pause } from 'node:timers/promises';
import { type CallOptions, type Client, createClient, isCallError } from '../src/index.ts';
import { EventWatch } from './event-watch.ts';
import type { Ledger, Outcome } from './ledger.ts';
import type { Service } from './service.ts';

export interface SoakClientOptions {
  /** Its place among the clients, from 0. */
  readonly index: number;
  readonly clients: number;
  readonly url: string;
  readonly random: () => number;
  readonly ledger: Ledger;
  readonly report: (violation: string) => void;
}

interface Act {
  readonly holdMs: number;
  readonly abortAfterMs?: number;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: boolean;
}

/** Far above what any outage takes: a call that waits so long hangs. */
const CALL_TIMEOUT_MS = 20_000;
const LONGEST_STREAM = 1_500;

/** One client under load: loops that each make one call after the other and hold every answer against its question. */
export class SoakClient {
  readonly #options: SoakClientOptions;
  readonly #client: Client<Service>;
  readonly #watches: readonly EventWatch[];
  readonly #loops: Array<Promise<void>> = [];
  /** What each loop waits for, to be named when it waits for ever. */
  readonly #waiting: Map<number, string> = new Map();
  /** How sessions began. */
  readonly sessions: Map<string, number> = new Map();
  /** Calls of each kind that have settled. */
  readonly settled: Map<string, number> = new Map();
  #lastMutation: number;
  #said = 0;
  #stopping = false;

  constructor(options: SoakClientOptions) {
    this.#options = options;
    this.#lastMutation = options.index;
    this.#client = createClient<Service>({
      url: options.url,
      callTimeoutMs: CALL_TIMEOUT_MS,
      watchdogMs: 400,
      watchdogTimeoutMs: 300,
      retryDelayMs: () => options.random() * 50,
    });
    let before: object | null = null;
    this.#client.on('status', ({ state, session, error }) => {
      if (state === 'open' && before !== error) count(this.sessions, session ?? 'none');
      before = error;
      if (state === 'closed' && !this.#stopping) options.report(`${this.#name} was closed: ${error?.message}`);
    });
    const { api } = this.#client;
    this.#watches = [
      new EventWatch(`${this.#name} kept`, api.kept.subscribe(), options.report),
      new EventWatch(`${this.#name} passing`, api.passing.subscribe(), options.report),
    ];
    this.#hearChat();
  }

  start(): void {
    const steps = [
      () => this.#act({ holdMs: 0 }),
      () => this.#act({ holdMs: 0 }),
      () => this.#act({ holdMs: this.#upTo(30) }),
      () => this.#act({ holdMs: this.#upTo(30), idempotencyKey: true }),
      () => this.#act({ holdMs: this.#upTo(30), abortAfterMs: this.#upTo(30) }),
      () => this.#act({ holdMs: this.#upTo(30), timeoutMs: 1 + this.#upTo(30) }),
      () => this.#look(),
      () => this.#look(),
      () => this.#count('count'),
      () => this.#count('countOn'),
      () => this.#store(),
      () => this.#say(),
    ];
    steps.forEach((step, number) => this.#loops.push(this.#loop(number, step)));
  }

  get events(): number {
    return this.#watches.reduce((sum, { events }) => sum + events, 0);
  }

  get gaps(): number {
    return this.#watches.reduce((sum, { gaps }) => sum + gaps, 0);
  }

  /** Resolves when every call has settled; reports those that have not within the time a call may take. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const ended = Promise.all(this.#loops).then(() => true);
    if (await Promise.race([ended, pause(CALL_TIMEOUT_MS + 5_000, false, { ref: false })])) return;
    for (const what of this.#waiting.values()) this.#options.report(`${this.#name} still waits for ${what}`);
  }

  /** Resolves when every subscription stands at this event; reports those that do not get there. */
  async reach(server: number, seq: number): Promise<void> {
    for (let turn = 0; turn < 500; turn++) {
      if (this.#watches.every((watch) => watch.hasReached(server, seq))) return;
      await pause(20);
    }
    const where = this.#watches.map((watch) => watch.standsAt).join('; ');
    this.#options.report(`${this.#name} never heard event ${seq} of server ${server}: it stands at ${where}`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  get #name(): string {
    return `client ${this.#options.index}`;
  }

  #upTo(max: number): number {
    return Math.floor(this.#options.random() * max);
  }

  async #loop(number: number, step: () => Promise<string>): Promise<void> {
    while (!this.#stopping) {
      this.#waiting.set(number, 'its next step');
      count(this.settled, await step());
      await pause(this.#upTo(20));
    }
    this.#waiting.delete(number);
  }

  async #act({ holdMs, abortAfterMs, timeoutMs, idempotencyKey = false }: Act): Promise<string> {
    this.#lastMutation += this.#options.clients;
    const mutation = this.#lastMutation;
    const { ledger } = this.#options;
    const options: CallOptions = {
      ...(abortAfterMs !== undefined && { signal: AbortSignal.timeout(abortAfterMs) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(idempotencyKey && { idempotencyKey }),
    };
    ledger.note(['called', mutation, idempotencyKey]);
    let outcome: Outcome = 'resolved';
    try {
      const { answer } = await this.#client.api.act.mutate({ mutation, holdMs }, options);
      if (answer !== mutation * 2) this.#options.report(`mutation ${mutation} resolved with ${answer}`);
    } catch (error) {
      // One with a key is repeated until it is answered.
      const allowed = idempotencyKey ? [] : ['DISCONNECTED'];
      if (abortAfterMs !== undefined) allowed.push('ABORTED');
      if (timeoutMs !== undefined) allowed.push('TIMEOUT');
      outcome = this.#outcomeOf(error, `mutation ${mutation}`, allowed);
    }
    ledger.note(['settled', mutation, outcome]);
    return idempotencyKey ? 'mutation with a key' : 'mutation';
  }

  async #look(): Promise<string> {
    const number = this.#upTo(1_000_000);
    // Now and then one that fills more than a segment.
    const padding = 'x'.repeat(this.#upTo(20) === 0 ? 30_000 : this.#upTo(200));
    try {
      const answer = await this.#client.api.look.query({ number, padding });
      if (answer !== number * 3) this.#options.report(`query ${number} resolved with ${answer}`);
    } catch (error) {
      // A query is repeated until it is answered.
      this.#outcomeOf(error, `query ${number}`, []);
    }
    return 'query';
  }

  /** One whose items are numbered goes on whatever happens; the other may be lost with its session. */
  async #count(kind: 'count' | 'countOn'): Promise<string> {
    const length = this.#upTo(LONGEST_STREAM);
    const leaveAt = this.#upTo(3) === 0 ? this.#upTo(LONGEST_STREAM) : Number.POSITIVE_INFINITY;
    const readsSlowly = this.#upTo(4) === 0;
    // From the beginning, also when the session is lost before the first item has come.
    const options = kind === 'countOn' ? { lastEventId: '' } : {};
    let next = 0;
    try {
      for await (const item of this.#client.api[kind].stream(length, options)) {
        if (item !== next) this.#options.report(`${this.#name}: a stream gave ${item}, not ${next}`);
        next = item + 1;
        if (next > leaveAt) return 'stream left';
        if (readsSlowly && next % 64 === 0) await pause(1);
      }
      if (next !== length) this.#options.report(`${this.#name}: a stream of ${length} ended at ${next}`);
    } catch (error) {
      this.#outcomeOf(error, `a stream of ${this.#name}`, kind === 'count' ? ['DISCONNECTED'] : []);
    }
    return kind === 'count' ? 'stream' : 'numbered stream';
  }

  async #store(): Promise<string> {
    const length = this.#upTo(200);
    try {
      const upload = Array.from({ length }, (_, index) => index);
      const stored = await this.#client.api.store.mutate(undefined, { upload });
      if (stored !== length) this.#options.report(`${this.#name}: of ${length} chunks ${stored} were stored`);
    } catch (error) {
      this.#outcomeOf(error, `an upload of ${this.#name}`, ['DISCONNECTED']);
    }
    return 'upload';
  }

  async #say(): Promise<string> {
    const { index } = this.#options;
    try {
      await this.#client.api.chat.publish(undefined, [index, this.#said++]);
    } catch (error) {
      this.#outcomeOf(error, `a publication of ${this.#name}`, ['DISCONNECTED']);
    }
    return 'publication';
  }

  /** What each client says comes in the order in which it was said, and once. */
  #hearChat(): void {
    const heard = new Map<number, number>();
    this.#client.api.chat.subscribe().on('event', ([from, number]) => {
      const before = heard.get(from) ?? -1;
      if (number <= before) this.#options.report(`${this.#name} heard ${number} of ${from} after ${before}`);
      heard.set(from, number);
    });
  }

  #outcomeOf(error: unknown, what: string, allowed: readonly string[]): Outcome {
    if (!isCallError(error)) {
      this.#options.report(`${what} failed with ${String(error)}`);
      return { code: String(error), delivery: 'unknown' };
    }
    if (!allowed.includes(error.code)) this.#options.report(`${what} failed: ${error.code}, ${error.message}`);
    return { code: error.code, delivery: error.delivery };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
