import type { BrokerEvent, BrokerListener, BrokerRead, Position } from '@typewire/core';
import { chainedEnd, countBetween, follows, isSame, positionBefore } from './chain.ts';
import { Conflation } from './conflation.ts';
import type { ChannelDelivery } from './delivery.ts';
import { FanOut, type FanOutHost } from './fan-out.ts';
import { ReadPositions } from './read-positions.ts';
import { TopicMessages } from './topic-messages.ts';
import type { TopicReceiver } from './topic-receiver.ts';

/** A subscriber between asking and being told where the topic stands; what happens meanwhile is held for it. */
export interface JoiningReceiver {
  readonly held: BrokerEvent[];
}

/** What a topic needs of the hub. */
export interface TopicHost extends Omit<FanOutHost, 'readSince'> {
  /** Most events that are held for a subscriber that joins, or while the log is read; beyond it the oldest go. */
  readonly maxHeld: number;
  /** Everything after a position. */
  readSince(topic: string, position: Position): Promise<BrokerRead>;
  setTimer(delayMs: number, callback: () => void): () => void;
  /** The fan-out may have a hole: the position is to be compared soon. */
  doubt(topic: HubTopic): void;
}

const nobody: readonly TopicReceiver[] = [];

/**
 * A topic somebody in this process follows. Its number is the process's, not the connection's: the message of an
 * event is the same for all receivers, and is built once. Events are handed on only where the chain of their tags is
 * whole; what is missing is read from the log, or told as a gap.
 */
export class HubTopic implements BrokerListener {
  readonly name: string;
  readonly number: number;
  readonly messages: TopicMessages;
  readonly joining: Set<JoiningReceiver> = new Set();
  /** Resolves when the broker's events arrive here; rejects when the broker was asked in vain. */
  ready: Promise<void> = Promise.resolve();
  /** `ready` has rejected. */
  hasFailed = false;
  #stop: (() => void) | null = null;
  readonly #host: TopicHost;
  readonly #fanOut: FanOut;
  readonly #conflation: Conflation | null;
  /** Where the log was followed to; `null` before the first event or reader. */
  #position: Position | null = null;
  /** What is heard while a hole is read from the log; `null` while there is none. */
  #held: BrokerEvent[] | null = null;
  #repairing: Promise<void> = Promise.resolve();
  /** Who has read further than the others were told, and how far: it needs nothing before that. */
  readonly #ahead: Map<TopicReceiver, Position> = new Map();
  readonly #read: ReadPositions;

  constructor(name: string, number: number, delivery: ChannelDelivery, host: TopicHost) {
    this.name = name;
    this.number = number;
    this.#host = host;
    this.messages = new TopicMessages(number);
    this.#read = new ReadPositions(host.maxHeld);
    this.#fanOut = new FanOut(this.messages, delivery, {
      readSince: (position) => host.readSince(name, position),
      fellBehind: (backlog) => host.fellBehind(backlog),
      caughtUp: (backlog) => host.caughtUp(backlog),
      tick: host.tick,
    });
    const { conflateMs } = delivery;
    this.#conflation =
      conflateMs === 0
        ? null
        : new Conflation(conflateMs, host.setTimer, (events, from) => this.#sendEach(events, from));
  }

  get isUnused(): boolean {
    return this.joining.size === 0 && this.#hasNobody;
  }

  get isReady(): boolean {
    return this.#stop !== null;
  }

  get position(): Position | null {
    return this.#position;
  }

  /** The broker's events arrive; `stop` ends that. */
  opened(stop: () => void): void {
    this.#stop = stop;
  }

  event(event: BrokerEvent): void {
    if (this.#held !== null) return this.#hold(this.#held, event);
    const at = this.#position;
    if (at === null || follows(at, event)) return this.#advance(event);
    // A broker may say a thing twice, or late.
    if (isSame(at, event.position) || this.#read.has(event.position)) return;
    void this.#repair(at, [event]);
  }

  interrupted(): void {
    this.#host.doubt(this);
  }

  /**
   * The log stands elsewhere than it was followed to: reads what lies between, or tells of a gap. Resolves when that is
   * done.
   */
  repair(): Promise<void> {
    if (this.#held === null && this.#position !== null) return this.#repair(this.#position, []);
    return this.#repairing;
  }

  /** Whether somebody who stands at `position` can be in the log that is followed here, as far as offsets tell. */
  mayReach(position: Position): boolean {
    const at = this.#position;
    if (at === null || this.#hasNobody) return true;
    return isSame(at, position) || countBetween(at, position) !== null;
  }

  /** A receiver is told from here on what comes. What it is to know of before is sent to it at once. */
  admit(receiver: TopicReceiver): void {
    this.#fanOut.add(receiver);
  }

  has(receiver: TopicReceiver): boolean {
    return this.#fanOut.has(receiver) || this.#ahead.has(receiver);
  }

  /** A receiver has been brought to a position, which may be another than the topic's, by `events` of the log. */
  admitted(receiver: TopicReceiver, position: Position, events: readonly BrokerEvent[]): void {
    const at = this.#position;
    const isHere = at !== null && isSame(at, position);
    const isAlone = at === null || (this.#fanOut.size === 1 && this.#ahead.size === 0);
    if (isHere || isAlone) this.#read.add(events);
    if (isHere) return;
    if (isAlone) return this.#restart(position);
    // It has read what the others have not been told yet, or never will be; or one of both stands in a log that is lost.
    this.#fanOut.delete(receiver);
    this.#ahead.set(receiver, position);
    void this.repair();
  }

  delete(receiver: TopicReceiver): void {
    this.#ahead.delete(receiver);
    this.#fanOut.delete(receiver);
  }

  /** Nobody follows the topic any more. */
  close(): void {
    this.#conflation?.cancel();
    this.#stop?.();
  }

  /** The next event of the log. */
  #advance(event: BrokerEvent): void {
    this.#position = event.position;
    for (const { held } of this.joining) this.#hold(held, event);
    const reached = this.#ahead.size === 0 ? nobody : this.#meet(event);
    if (this.#conflation === null) this.#fanOut.send(event);
    else if (!this.#fanOut.isEmpty) this.#conflation.add(event);
    for (const receiver of reached) this.#fanOut.add(receiver);
  }

  /** Lets in who waits ahead of the others for this event. Returns who has it already, and waits for the next. */
  #meet(event: BrokerEvent): readonly TopicReceiver[] {
    const reached: TopicReceiver[] = [];
    for (const [receiver, position] of [...this.#ahead]) {
      if (countBetween(event.position, position) !== null) continue;
      this.#ahead.delete(receiver);
      if (isSame(event.position, position)) reached.push(receiver);
      // What it has read was of a log that has lost its end, or it is not what came before this.
      else this.#bring(receiver, position, positionBefore(event));
    }
    return reached;
  }

  /** A receiver goes on with the others, from another place than where it stands. */
  #bring(receiver: TopicReceiver, from: Position, to: Position): void {
    if (!isSame(from, to)) receiver.sendShared(this.messages.gap(to, countBetween(from, to)));
    this.#fanOut.add(receiver);
  }

  /** Of `readers` none is ahead of a log that was read after they had: what they stand in is lost. */
  #meetLog(readers: readonly TopicReceiver[]): void {
    for (const receiver of readers) {
      const position = this.#ahead.get(receiver);
      if (position === undefined) continue;
      this.#ahead.delete(receiver);
      this.#bring(receiver, position, this.#position as Position);
    }
    // Who came while the log was read has to be held against another reading.
    if (this.#ahead.size > 0 && this.#held === null) void this.repair();
  }

  get #hasNobody(): boolean {
    return this.#fanOut.isEmpty && this.#ahead.size === 0;
  }

  /** Goes on from where the only receiver stands, whatever was known before. */
  #restart(position: Position): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#position = position;
    for (const event of held) {
      if (event.position.epoch !== position.epoch || event.position.offset > position.offset) this.event(event);
    }
  }

  #repair(at: Position, held: BrokerEvent[]): Promise<void> {
    this.#held = held;
    const readers = [...this.#ahead.keys()];
    this.#repairing = this.#host.readSince(this.name, at).then(
      (read) => {
        const more = this.#repaired(at, held, read);
        if (more === undefined) this.#meetLog(readers);
        return more;
      },
      // A broker that does not answer is no reason to hold back what it tells.
      () => this.#repaired(at, held, null),
    );
    return this.#repairing;
  }

  /** Returns a promise when there is more to repair. */
  #repaired(at: Position, held: readonly BrokerEvent[], read: BrokerRead | null): void | Promise<void> {
    // The topic has begun anew meanwhile.
    if (this.#held !== held) return;
    this.#held = null;
    if (read?.complete) {
      this.#read.add(read.events);
      for (const event of read.events) this.#advance(event);
    } else if (read !== null || held.length > 0) return this.#giveUp(at, held, read);
    const now = this.#position as Position;
    for (const [index, event] of held.entries()) {
      const position = this.#position as Position;
      if (follows(position, event)) this.#advance(event);
      else if (this.#read.has(event.position)) continue;
      else if (countBetween(position, event.position) !== null || event.position.epoch !== position.epoch) {
        // Another hole. A log that shows nothing of it, though it has been told of, will not do so next time.
        if (isSame(now, at) && index === 0) return this.#giveUp(at, held, null);
        return this.#repair(position, held.slice(index));
      }
    }
  }

  /** What is missing cannot be had: tells of it, and goes on with what was heard behind it. */
  #giveUp(at: Position, held: readonly BrokerEvent[], read: BrokerRead | null): void {
    const heard = chainedEnd(behind(at, held, read !== null).filter(({ position }) => !this.#read.has(position)));
    // It came late, most likely; if the log has gone back, the next comparison of positions tells.
    if (heard.length === 0 && read === null) return this.#host.doubt(this);
    const [first] = heard;
    const reaches = first !== undefined && (read === null || isWithin(read.position, first));
    const position = reaches ? positionBefore(first) : (read?.position ?? at);
    this.#conflation?.flush();
    this.#position = position;
    // It may all have been heard while the log was asked, though the log no longer has it.
    if (!isSame(at, position)) this.#fanOut.gap(position, countBetween(at, position));
    if (reaches) for (const event of heard) this.#advance(event);
  }

  #hold(held: BrokerEvent[], event: BrokerEvent): void {
    held.push(event);
    if (held.length > this.#host.maxHeld) held.shift();
  }

  /** What conflation left of a part of the log. */
  #sendEach(events: Iterable<BrokerEvent>, from: Position): void {
    let at = from;
    for (const event of events) {
      if (!follows(at, event)) this.#fanOut.skip(positionBefore(event));
      this.#fanOut.send(event);
      at = event.position;
    }
  }
}

/** Whether nothing lies between where the log stands and an event, which may be behind or in it. */
function isWithin(log: Position, { position }: BrokerEvent): boolean {
  return log.epoch === position.epoch && position.offset <= log.offset + 1;
}

/**
 * What was told behind a position. Of what was told before it some may come late, when the past was read meanwhile; or
 * the log has gone back, which only a reading can show: without one, `canGoBack` is false.
 */
function behind(at: Position, held: readonly BrokerEvent[], canGoBack: boolean): readonly BrokerEvent[] {
  const rest = held.slice(held.findLastIndex(({ position }) => isSame(position, at)) + 1);
  return canGoBack ? rest : rest.filter(({ position }) => position.epoch !== at.epoch || position.offset > at.offset);
}
