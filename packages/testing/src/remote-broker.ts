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
  Environment,
  Position,
  TimerEnvironment,
} from '@typewire/core';
import { remotePresence } from './remote-presence.ts';

export interface RemoteBrokerOptions {
  readonly environment: Pick<Environment, 'now' | 'random'> & Pick<TimerEnvironment, 'setTimer'>;
  /** Longest way to the broker, and again back, in milliseconds. @default 20 */
  readonly maxLatencyMs?: number;
  /** Share of the calls that are carried out but whose answer is lost, so that they reject. @default 0 */
  readonly lostReplies?: number;
  /** Share of the events that a listener is not told of. @default 0 */
  readonly lostEvents?: number;
}

/**
 * One handle of a broker as a network makes it: every call takes time both ways, answers get lost after success, and so
 * does some of what is told. As on one TCP connection, calls arrive in order, and what is told does too.
 */
export class RemoteBroker implements Broker {
  readonly presence?: BrokerPresence;
  readonly #broker: Broker;
  readonly #options: RemoteBrokerOptions;
  readonly #stops: Set<() => void> = new Set();
  /** Nothing arrives before what left before it. */
  #thereAt = 0;
  #backAt = 0;
  #closed = false;

  constructor(broker: Broker, options: RemoteBrokerOptions) {
    this.#broker = broker;
    this.#options = options;
    if (broker.presence === undefined) return;
    this.presence = remotePresence(broker.presence, {
      call: (run) => this.#call(run),
      tell: (arrive) => {
        if (this.#options.environment.random() < (this.#options.lostEvents ?? 0)) return;
        this.#back(() => {
          if (!this.#closed) arrive();
        });
      },
    });
  }

  publish(topic: string, publication: BrokerPublication): Promise<BrokerReceipt> {
    return this.#call(() => this.#broker.publish(topic, publication));
  }

  async subscribe(topic: string, listener: BrokerListener): Promise<() => void> {
    let stopped = false;
    const told = (event: BrokerEvent): void => {
      if (this.#options.environment.random() < (this.#options.lostEvents ?? 0)) return;
      this.#back(() => {
        if (!stopped && !this.#closed) listener.event(event);
      });
    };
    const stop = await this.#call(() =>
      this.#broker.subscribe(topic, { event: told, interrupted: () => listener.interrupted() }),
    );
    this.#stops.add(stop);
    return () => {
      stopped = true;
      this.#stops.delete(stop);
      stop();
    };
  }

  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): Promise<BrokerRead> {
    return this.#call(() => this.#broker.read(topic, request, limits));
  }

  position(topic: string): Promise<Position> {
    return this.#call(() => this.#broker.position(topic));
  }

  /** Ends this handle alone. */
  close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    this.#stops.clear();
    return Promise.resolve();
  }

  #call<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) return Promise.reject(new Error('the broker is closed'));
    return new Promise((resolve, reject) => {
      this.#there(() => {
        const isLost = this.#options.environment.random() < (this.#options.lostReplies ?? 0);
        run().then(
          (answer) => this.#back(() => (isLost ? reject(new Error('the answer was lost')) : resolve(answer))),
          (error: unknown) => this.#back(() => reject(error)),
        );
      });
    });
  }

  #there(arrive: () => void): void {
    this.#thereAt = this.#arrival(this.#thereAt, arrive);
  }

  #back(arrive: () => void): void {
    this.#backAt = this.#arrival(this.#backAt, arrive);
  }

  #arrival(earliest: number, arrive: () => void): number {
    const { environment, maxLatencyMs = 20 } = this.#options;
    const now = environment.now();
    const at = Math.max(earliest, now + environment.random() * maxLatencyMs);
    environment.setTimer(at - now, arrive);
    return at;
  }
}
