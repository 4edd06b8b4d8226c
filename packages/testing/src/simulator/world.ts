import type { Broker, Connect } from '@typewire/core';
import type { BrokerLink, BrokerWeather } from './broker-link.ts';
import { CallOracle } from './call-oracle.ts';
import { eventId } from './chain-oracle.ts';
import { ClientActor } from './client-actor.ts';
import { Dice } from './dice.ts';
import { Judge } from './judge.ts';
import { ModelBroker } from './model-broker.ts';
import { PresenceOracle } from './presence-oracle.ts';
import { Rights } from './rights.ts';
import type { Schedule, Settings, Topic } from './schedule.ts';
import { ServerActor } from './server-actor.ts';
import { StreamOracle } from './stream-oracle.ts';
import { Trace } from './trace.ts';
import { TrueLog } from './true-log.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { NetworkServer } from './virtual-network.ts';
import type { VirtualProcess } from './virtual-process.ts';

/** Places where a bug can be put into what the product is given; see `bugs.ts`. */
export interface Seams {
  broker(link: BrokerLink): Broker;
  connect(connect: Connect): Connect;
}

export const noSeams: Seams = { broker: (link) => link, connect: (connect) => connect };

/** From closing a client until all its calls have an outcome: a reader may be busy with an item. */
const SETTLE_MS = 5_000;

/** Everybody and everything in one simulation. */
export class World {
  readonly settings: Settings;
  readonly seams: Seams;
  readonly clock: VirtualClock = new VirtualClock();
  readonly trace: Trace;
  readonly judge: Judge;
  readonly calls: CallOracle;
  readonly streams: StreamOracle;
  readonly presence: PresenceOracle;
  readonly rights: Rights;
  readonly truth: TrueLog;
  readonly broker: ModelBroker;
  readonly weather: BrokerWeather = { lostEvents: 0, lostReplies: 0 };
  /** What the application has written down for the topic `doc`, whichever server it ran on. */
  readonly database: Set<string> = new Set();
  readonly servers: readonly ServerActor[];
  readonly clients: readonly ClientActor[];
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #endings: Set<() => void> = new Set();

  constructor({ seed, settings }: Schedule, seams: Seams, keepsLines: boolean) {
    this.#seed = seed;
    this.settings = settings;
    this.seams = seams;
    this.trace = new Trace(this.clock.now, keepsLines);
    this.judge = new Judge(this.trace);
    this.calls = new CallOracle(this.judge);
    this.streams = new StreamOracle(this.judge);
    this.presence = new PresenceOracle(this.judge);
    this.rights = new Rights(this.clock.now, this.judge);
    this.truth = new TrueLog(
      ({ topic, position, payload }) => {
        const id = eventId(payload);
        this.trace.add('broker', `${topic} ${position.epoch}/${position.offset} ${id}`);
        this.calls.ran(id, 'the log');
      },
      ({ payload }) => this.calls.lost(eventId(payload)),
    );
    this.broker = new ModelBroker(this.clock, this.dice('broker'), this.truth);
    this.#dice = this.dice('world');
    this.servers = Array.from({ length: settings.servers }, (_, index) => new ServerActor(this, index));
    this.clients = settings.clients.map((client, index) => new ClientActor(this, index, client));
  }

  /** The same for the same path, whatever else happens. */
  dice(...path: readonly string[]): Dice {
    return new Dice(this.#seed, ...path);
  }

  chance(): boolean {
    return this.#dice.chance(0.5);
  }

  /** Where a client that connects now arrives: at the server it was at, if that is there, or at any. */
  findServer(last: NetworkServer | null): NetworkServer | 'refused' {
    const found = this.servers.map((server) => server.found);
    const before = found.find((server) => server !== 'refused' && server.process === last?.process);
    if (before !== undefined) return before;
    const open = found.filter((server) => server !== 'refused');
    return open[Math.floor(this.#dice.random() * open.length)] ?? 'refused';
  }

  /** Runs `end` after `forMs`, or when the faults end. */
  until(forMs: number, end: () => void): void {
    const once = (): void => {
      cancel();
      if (this.#endings.delete(once)) end();
    };
    const cancel = this.clock.schedule(this.clock.now() + forMs, once);
    this.#endings.add(once);
  }

  /** Takes a right from a client's user for a while. */
  revoke(client: number, topic: Topic | null, forMs: number): void {
    const user = `client-${client}`;
    this.rights.take(user, topic);
    for (const server of this.servers) server.revoke(user, topic);
    this.until(forMs, () => this.rights.giveBack(user, topic));
  }

  /** The faults are over: everything works from now on. */
  heal(): void {
    for (const end of [...this.#endings]) end();
    for (const server of this.servers) server.heal();
    for (const client of this.clients) client.process.thaw();
    this.trace.add('world', 'is whole again');
  }

  /** Their client is closed: the calls that are open now must have an outcome soon. */
  mustSettle(process: VirtualProcess, open: ReadonlySet<string>): void {
    const keys = [...open];
    const look = (): void => {
      const dueMs = process.runningSince + SETTLE_MS;
      if (process.isFrozen || this.clock.now() < dueMs) {
        this.clock.schedule(Math.max(dueMs, this.clock.now() + SETTLE_MS), look);
        return;
      }
      const left = process.isEnded ? [] : keys.filter((key) => open.has(key));
      if (left.length > 0) this.judge.complain('calls', `no outcome after the client was closed: ${left.join(', ')}`);
    };
    this.clock.schedule(this.clock.now() + SETTLE_MS, look);
  }
}
