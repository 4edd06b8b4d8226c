import { type BrokerMember, SharedMessage } from '@typewire/core';
import { encodeMember, encodePresence, encodePresenceCount } from '@typewire/core/internal';
import type { TopicReceiver } from '../channels/topic-receiver.ts';

export type WatchMode = 'all' | 'count';

/** Size of the members in one message of a state, in UTF-16 units. */
const MAX_PART_SIZE = 262_144;

/** How long one whose connection takes nothing is left alone, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Those who look who is present on a topic. What changes within a window is one message, the same for all of them; a
 * member that came and went in it was never there.
 */
export class PresenceAudience {
  readonly #members: ReadonlyMap<string, BrokerMember>;
  readonly #windowMs: number;
  readonly #setTimer: (delayMs: number, callback: () => void) => () => void;
  /** The number of the topic in messages. */
  #number = 0;
  readonly #watchers: Map<TopicReceiver, WatchMode> = new Map();
  /** Those who must be told the whole state, once there is room. */
  readonly #behind: Set<TopicReceiver> = new Set();
  /** What was told to those who look, and what has changed since. */
  readonly #told: Map<string, BrokerMember> = new Map();
  readonly #subjects: Map<string, number> = new Map();
  readonly #touched: Set<string> = new Set();
  #cancelWindow: (() => void) | null = null;
  #cancelLook: (() => void) | null = null;

  /** `members` is who is present, at any time. */
  constructor(
    members: ReadonlyMap<string, BrokerMember>,
    windowMs: number,
    setTimer: (delayMs: number, callback: () => void) => () => void,
  ) {
    this.#members = members;
    this.#windowMs = windowMs;
    this.#setTimer = setTimer;
  }

  get isEmpty(): boolean {
    return this.#watchers.size === 0;
  }

  /** It is told nothing yet; `number` is the topic's in messages. */
  add(receiver: TopicReceiver, number: number, mode: WatchMode): void {
    this.#number = number;
    this.#watchers.set(receiver, mode);
  }

  /** Whether it was among them. */
  delete(receiver: TopicReceiver): boolean {
    this.#behind.delete(receiver);
    return this.#watchers.delete(receiver);
  }

  /** There may be room for one that was left out. */
  catchUp(receiver: TopicReceiver): void {
    const mode = this.#watchers.get(receiver);
    if (mode !== undefined && receiver.hasRoom && this.#behind.delete(receiver)) this.tellState(receiver, mode);
  }

  /** A member has come, changed or gone. */
  touch(id: string): void {
    this.#touched.add(id);
    this.#cancelWindow ??= this.#setTimer(this.#windowMs, () => this.#flush());
  }

  /** Tells everybody who is present. */
  tellAll(): void {
    this.#takeTouched();
    for (const [receiver, mode] of [...this.#watchers]) this.tellState(receiver, mode);
  }

  tellState(receiver: TopicReceiver, mode: WatchMode): void {
    if (!receiver.hasRoom) return this.#fallBehind(receiver);
    if (mode === 'count') return receiver.sendShared(this.#countMessage());
    let part: string[] = [];
    let size = 0;
    for (const { id, subject, state } of this.#told.values()) {
      const member = encodeMember(id, subject, state);
      if (size + member.length > MAX_PART_SIZE && part.length > 0) {
        receiver.sendShared(new SharedMessage(encodePresence(this.#number, 'part', [], part)));
        part = [];
        size = 0;
      }
      part.push(member);
      size += member.length;
    }
    receiver.sendShared(new SharedMessage(encodePresence(this.#number, 'state', [], part)));
  }

  /** Nobody looks any more, and what was told is forgotten. */
  clear(): void {
    for (const known of [this.#watchers, this.#told, this.#subjects, this.#touched, this.#behind]) known.clear();
    this.#cancelWindow?.();
    this.#cancelLook?.();
    this.#cancelWindow = null;
    this.#cancelLook = null;
  }

  /** The window is over. */
  #flush(): void {
    this.#cancelWindow = null;
    const before = `${this.#told.size} ${this.#subjects.size}`;
    const { left, members } = this.#takeTouched();
    const isSameCount = before === `${this.#told.size} ${this.#subjects.size}`;
    if (left.length === 0 && members.length === 0) return;
    const diff = new SharedMessage(encodePresence(this.#number, 'diff', left, members));
    const count = this.#countMessage();
    for (const [receiver, mode] of this.#watchers) {
      if (mode === 'count' && isSameCount) continue;
      if (receiver.hasRoom && !this.#behind.has(receiver)) receiver.sendShared(mode === 'all' ? diff : count);
      else this.#fallBehind(receiver);
    }
  }

  /** What has changed for those who look, who are taken to be told of it. */
  #takeTouched(): { left: string[]; members: string[] } {
    const left: string[] = [];
    const members: string[] = [];
    for (const id of this.#touched) {
      const now = this.#members.get(id);
      const before = this.#told.get(id);
      if (now === before) continue;
      if (now === undefined) left.push(id);
      else members.push(encodeMember(id, now.subject, now.state));
      if (now === undefined) this.#told.delete(id);
      else this.#told.set(id, now);
      this.#count(before, -1);
      this.#count(now, 1);
    }
    this.#touched.clear();
    return { left, members };
  }

  #count(member: BrokerMember | undefined, by: number): void {
    const subject = member?.subject ?? null;
    if (subject === null) return;
    const count = (this.#subjects.get(subject) ?? 0) + by;
    if (count === 0) this.#subjects.delete(subject);
    else this.#subjects.set(subject, count);
  }

  #countMessage(): SharedMessage {
    return new SharedMessage(encodePresenceCount(this.#number, this.#told.size, this.#subjects.size));
  }

  #fallBehind(receiver: TopicReceiver): void {
    this.#behind.add(receiver);
    this.#cancelLook ??= this.#setTimer(LOOK_MS, () => {
      this.#cancelLook = null;
      const behind = [...this.#behind];
      for (const one of behind) this.catchUp(one);
      if (this.#behind.size > 0) this.#fallBehind([...this.#behind][0] as TopicReceiver);
    });
  }
}
