import type {
  BrokerEvent,
  BrokerPublication,
  BrokerRead,
  BrokerReadLimits,
  BrokerReceipt,
  BrokerRequest,
  Position,
} from '@typewire/core';
import type { Dice } from './dice.ts';
import { ModelLog } from './model-log.ts';
import { ModelPresence } from './model-presence.ts';
import type { TrueLog } from './true-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What hears of the events of a topic: one server's connection to the broker. */
export interface FanOut {
  send(topic: string, event: BrokerEvent): void;
}

/** The broker that all servers share, at the place where it runs: it is asked over the network, see `BrokerLink`. */
export class ModelBroker {
  readonly presence: ModelPresence;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #truth: TrueLog;
  readonly #logs: Map<string, ModelLog> = new Map();
  readonly #followers: Map<string, Set<FanOut>> = new Map();
  #epochs = 0;

  constructor(clock: VirtualClock, dice: Dice, truth: TrueLog) {
    this.presence = new ModelPresence(clock, dice);
    this.#clock = clock;
    this.#dice = dice;
    this.#truth = truth;
  }

  position(topic: string): Position {
    return this.#log(topic).position;
  }

  publish(topic: string, publication: BrokerPublication): BrokerReceipt {
    const log = this.#log(topic);
    const known = log.find(publication.idempotencyKey, this.#clock.now());
    if (known !== null) return known;
    const event = log.append(publication, this.#dice.between(1, 0xffff_ffff), this.#clock.now());
    for (const follower of [...(this.#followers.get(topic) ?? [])]) follower.send(topic, event);
    return { position: event.position, duplicate: false };
  }

  read(topic: string, request: BrokerRequest, limits: BrokerReadLimits): BrokerRead {
    return this.#log(topic).read(request, limits, this.#clock.now());
  }

  follow(topic: string, follower: FanOut): void {
    const followers = this.#followers.get(topic) ?? new Set();
    this.#followers.set(topic, followers.add(follower));
  }

  unfollow(topic: string, follower: FanOut): void {
    this.#followers.get(topic)?.delete(follower);
  }

  restart(): void {
    for (const log of this.#logs.values()) log.restart(this.#nextEpoch());
    this.presence.restart();
  }

  failOver(count: number): void {
    for (const log of this.#logs.values()) log.failOver(count);
    this.presence.failOver(count);
  }

  trim(size: number): void {
    for (const log of this.#logs.values()) log.trim(size);
  }

  #log(topic: string): ModelLog {
    let log = this.#logs.get(topic);
    if (log === undefined) {
      log = new ModelLog(topic, this.#nextEpoch(), this.#truth);
      this.#logs.set(topic, log);
    }
    return log;
  }

  #nextEpoch(): string {
    return `epoch-${++this.#epochs}`;
  }
}
