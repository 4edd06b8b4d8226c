import type {
  Broker,
  BrokerEvent,
  BrokerListener,
  BrokerPresence,
  BrokerPublication,
  BrokerRead,
  BrokerReadLimits,
  BrokerReceipt,
  BrokerRequest,
  Position,
  PresenceListener,
} from '@typewire/core';
import { remotePresence } from '../remote-presence.ts';
import type { Latency } from './byte-pipe.ts';
import type { Dice } from './dice.ts';
import type { FanOut, ModelBroker } from './model-broker.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** What the network between the servers and the broker does at the moment; shared by all links. */
export interface BrokerWeather {
  /** Share of the events that never reach a follower. */
  lostEvents: number;
  /** Share of the calls that run, and whose answer never comes. */
  lostReplies: number;
}

/** Until a call that gets no answer is given up, as an adapter does. */
const CALL_TIMEOUT_MS = 2_000;

/** One server's connection to the broker: every call takes its time, answers may be lost after success, events too. */
export class BrokerLink implements Broker, FanOut {
  readonly #broker: ModelBroker;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #latency: Latency;
  readonly #process: VirtualProcess;
  readonly #weather: BrokerWeather;
  readonly presence: BrokerPresence;
  readonly #listeners: Map<string, Set<BrokerListener>> = new Map();
  readonly #lookers: Set<PresenceListener> = new Set();
  #lastRequest = 0;
  #lastEvent = 0;
  /** The server cannot reach the broker. */
  isCut = false;

  constructor(options: {
    readonly broker: ModelBroker;
    readonly clock: VirtualClock;
    readonly dice: Dice;
    readonly latency: Latency;
    readonly process: VirtualProcess;
    readonly weather: BrokerWeather;
  }) {
    this.#broker = options.broker;
    this.#clock = options.clock;
    this.#dice = options.dice;
    this.#latency = options.latency;
    this.#process = options.process;
    this.#weather = options.weather;
    const presence = remotePresence(this.#broker.presence, {
      call: (run) => this.#call('presence', run),
      tell: (arrive) => this.#tell(arrive),
    });
    this.presence = {
      ...presence,
      subscribe: async (topic, listener) => {
        const stop = await presence.subscribe(topic, listener);
        this.#lookers.add(listener);
        return () => {
          this.#lookers.delete(listener);
          stop();
        };
      },
    };
  }

  publish(topic: string, publication: BrokerPublication): Promise<BrokerReceipt> {
    return this.#call('publish', () => this.#broker.publish(topic, publication));
  }

  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): Promise<BrokerRead> {
    return this.#call('read', () => this.#broker.read(topic, request, limits));
  }

  position(topic: string): Promise<Position> {
    return this.#call('position', () => this.#broker.position(topic));
  }

  async subscribe(topic: string, listener: BrokerListener): Promise<() => void> {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    const stop = (): void => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#request(() => this.#unfollow(topic, listeners));
    };
    try {
      await this.#call('subscribe', () => this.#broker.follow(topic, this));
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** It reaches the broker again; an adapter may notice that it did not. */
  mend(): void {
    if (!this.isCut) return;
    this.isCut = false;
    if (this.#dice.chance(0.5)) return;
    this.#process.run(() => {
      for (const listener of [...this.#listeners.values()].flatMap((some) => [...some])) listener.interrupted();
      for (const listener of [...this.#lookers]) listener.interrupted();
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  send(topic: string, event: BrokerEvent): void {
    this.#tell(() => {
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener.event(event);
    });
  }

  /** What is told arrives in order, or never. */
  #tell(arrive: () => void): void {
    if (this.isCut || this.#dice.chance(this.#weather.lostEvents)) return;
    this.#lastEvent = Math.max(this.#lastEvent, this.#clock.now() + this.#delay());
    this.#clock.schedule(this.#lastEvent, () => this.#process.run(arrive));
  }

  #unfollow(topic: string, listeners: ReadonlySet<unknown>): void {
    // Somebody may have come while it was under way.
    if (listeners.size === 0) this.#broker.unfollow(topic, this);
  }

  #call<Answer>(name: string, run: () => Answer): Promise<Awaited<Answer>> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(`the broker did not answer to ${name}`));
      const giveUp = this.#process.setTimer(CALL_TIMEOUT_MS, fail);
      this.#request(() => {
        const answer = run();
        if (this.isCut || this.#dice.chance(this.#weather.lostReplies)) return;
        this.#clock.schedule(this.#clock.now() + this.#delay(), () =>
          this.#process.run(() => {
            giveUp();
            resolve(answer as Awaited<Answer>);
          }),
        );
      });
    });
  }

  /** In the order in which they were asked. */
  #request(run: () => void): void {
    this.#lastRequest = Math.max(this.#lastRequest, this.#clock.now() + this.#delay());
    this.#clock.schedule(this.#lastRequest, () => {
      if (!this.isCut && !this.#process.isEnded) run();
    });
  }

  #delay(): number {
    const { minMs, maxMs } = this.#latency;
    return minMs + this.#dice.random() * (maxMs - minMs);
  }
}
