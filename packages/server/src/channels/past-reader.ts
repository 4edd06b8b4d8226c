import type { Broker, BrokerEvent, BrokerRead, BrokerReadLimits, Position, SubscribeOutcome } from '@typewire/core';
import type { BrokerOutage } from './broker-outage.ts';
import { follows, isSame, lastUpTo } from './chain.ts';
import type { HubTopic, JoiningReceiver } from './hub-topic.ts';
import { mergePast } from './merge-past.ts';

/** How a subscriber joins a topic. */
export interface JoinRequest {
  /** Where the subscriber stood, or `null` for one that comes for the first time. */
  readonly position: Position | null;
  /** Past events wanted by one that comes for the first time, or after a gap. */
  readonly rewind: number;
  /** Asked when the past has been read: a promise when the gate has to open once more, because rights have changed. */
  readonly askAgain?: () => Promise<void> | null;
  /** Loads the state of the topic, when it is known where the log stands; maybe more than once. */
  readonly loadState?: () => Promise<void>;
  /** The broker fails: may be called more than once, and joining goes on until the broker is back or the receiver has left. */
  readonly delayed?: () => void;
}

/** What a subscriber is to know of before, and where the log stood. */
export interface Past {
  readonly outcome: SubscribeOutcome;
  /** Where the subscriber stands before `events`. */
  readonly start: Position;
  readonly events: readonly BrokerEvent[];
}

/** Readings of the past for one subscriber, when they contradict where its topic stands. */
const MAX_READS = 3;

/** Reads the logs of topics at the broker. Everything rejects with `BrokerFailure` when the broker does. */
export class PastReader {
  readonly #broker: Broker;
  readonly #limits: BrokerReadLimits;
  readonly #outage: BrokerOutage;

  /** `limits` bound one read. */
  constructor(broker: Broker, limits: BrokerReadLimits, outage: BrokerOutage) {
    this.#broker = broker;
    this.#limits = limits;
    this.#outage = outage;
  }

  since(topic: string, position: Position): Promise<BrokerRead> {
    return this.#outage.ask(() => this.#broker.read(topic, { type: 'since', position }, this.#limits));
  }

  before(topic: string, position: Position | null, count: number): Promise<BrokerRead> {
    return this.#outage.ask(() => this.#broker.read(topic, { type: 'before', position, count }, this.#limits));
  }

  /**
   * Reads until what was read and where the topic stands can be of one log: when a log was lost, one of them may not
   * know yet.
   */
  async pastFor(topic: HubTopic, { held }: JoiningReceiver, request: JoinRequest): Promise<Past> {
    const { loadState } = request;
    for (let reads = 1; ; reads++) {
      const early = held.length;
      const [outcome, read] =
        loadState === undefined
          ? await this.#read(topic.name, request, early)
          : await this.#readForState(topic.name, request);
      const hasState = loadState !== undefined && outcome !== 'recovered';
      if (hasState) await loadState();
      const merged = mergePast(read, held, early, outcome !== 'recovered' && !hasState);
      // Nothing was told yet behind where the topic stands.
      const heard = topic.position !== null && isSame(topic.position, read.position) ? [] : merged.after;
      // More was published meanwhile than is held; or what was heard is of a log that has lost its end, or has since.
      const [next] = heard;
      const isOther = next !== undefined && next.position.epoch !== read.position.epoch;
      const isWhole = next === undefined || follows(read.position, next) || (isOther && !hasState);
      const after = isWhole ? heard : [];
      const reached = after.at(-1)?.position ?? read.position;
      const again = request.askAgain?.() ?? null;
      if (again !== null) await again;
      else if (reads === MAX_READS || (isWhole && topic.mayReach(reached))) {
        const all = [...merged.events, ...after];
        // What is held for it may have been told late, and elsewhere before.
        const isAgain = outcome === 'gap' && request.rewind === 0 && !hasState;
        const known = isAgain ? lastUpTo(all, request.position as Position) : -1;
        return { outcome, start: all[known]?.position ?? merged.start, events: all.slice(known + 1) };
      } else await topic.repair();
    }
  }

  /** What is missed if that can be told, and otherwise what a newcomer gets: the past before the `early` events. */
  async #read(name: string, { position, rewind }: JoinRequest, early: number): Promise<[SubscribeOutcome, BrokerRead]> {
    if (position !== null) {
      const read = await this.since(name, position);
      if (read.complete) return ['recovered', read];
    }
    return [position === null ? 'fresh' : 'gap', await this.before(name, null, rewind + early)];
  }

  /** What is missed if that can be told, and otherwise only where the log stands: the state holds what came before. */
  #readForState(name: string, { position }: JoinRequest): Promise<[SubscribeOutcome, BrokerRead]> {
    return this.#read(name, { position, rewind: 0 }, 0);
  }
}
