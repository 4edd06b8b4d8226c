import {
  type BrokerMember,
  type BrokerPresence,
  PRESENCE_TTL_MS,
  type PresenceChange,
  type PresenceList,
  type PresenceListener,
  type PresenceVersion,
  SharedMessage,
} from '@typewire/core';
import { encodeMember, encodePresence, encodePresenceCount } from '@typewire/core/internal';
import type { TopicReceiver } from '../channels/topic-receiver.ts';

/** What a presence topic needs of its hub. */
export interface PresenceTopicHost {
  readonly presence: BrokerPresence;
  setTimer(delayMs: number, callback: () => void): () => void;
  /** Nobody of this process is on it, or looks at it. */
  unused(topic: PresenceTopic): void;
}

export type WatchMode = 'all' | 'count';

/** Size of the members in one message of a state, in UTF-16 units. */
const MAX_PART_SIZE = 262_144;

/** How long one whose connection takes nothing is left alone, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Who is present on a topic: members that this process has put there, and what the broker tells of all. What changes
 * within a window is one message, the same for all who look; a member that came and went in it was never there.
 */
export class PresenceTopic implements PresenceListener {
  readonly name: string;
  /** Sessions that may use it. */
  users = 0;
  readonly #host: PresenceTopicHost;
  readonly #windowMs: number;
  /** The number of the topic in messages. */
  #number = 0;
  readonly #own: Map<string, BrokerMember> = new Map();
  /** Changes of our own that the broker has not been told; `null` leaves. */
  #outgoing: Map<string, BrokerMember | null> = new Map();
  #isSending = false;
  #isClosed = false;
  readonly #watchers: Map<TopicReceiver, WatchMode> = new Map();
  /** Those who must be told the whole state, once there is room. */
  readonly #behind: Set<TopicReceiver> = new Set();
  #stop: (() => void) | null = null;
  #isFollowed = false;
  /** Where the broker's state was followed to; `null` before the first list. */
  #version: PresenceVersion | null = null;
  readonly #members: Map<string, BrokerMember> = new Map();
  /** What was told to those who look, and what has changed since. */
  readonly #told: Map<string, BrokerMember> = new Map();
  readonly #subjects: Map<string, number> = new Map();
  readonly #touched: Set<string> = new Set();
  /** Changes heard while the state is listed. */
  #heard: PresenceChange[] | null = null;
  #cancelWindow: (() => void) | null = null;
  #cancelLook: (() => void) | null = null;

  constructor(name: string, windowMs: number, host: PresenceTopicHost) {
    this.name = name;
    this.#windowMs = windowMs;
    this.#host = host;
  }

  get ownMembers(): readonly BrokerMember[] {
    return [...this.#own.values()];
  }

  /** Where the broker's state was followed to; `null` while nobody looks. */
  get version(): PresenceVersion | null {
    return this.#version;
  }

  get isUnused(): boolean {
    return this.users === 0 && this.#own.size === 0 && this.#watchers.size === 0 && !this.#isSending;
  }

  /** A member of this process joins, or changes. Changes within a window go to the broker together. */
  put(member: BrokerMember): void {
    this.#own.set(member.id, member);
    this.#outgoing.set(member.id, member);
    this.#send();
  }

  remove(id: string): void {
    if (!this.#own.delete(id)) return;
    this.#outgoing.set(id, null);
    this.#send();
  }

  /** `receiver` looks on; `number` is the topic's in messages. It is told who is present, and then what changes. */
  watch(receiver: TopicReceiver, number: number, mode: WatchMode): void {
    this.#number = number;
    this.#watchers.set(receiver, mode);
    if (!this.#isFollowed) this.#follow();
    if (this.#version !== null) this.#tellState(receiver, mode);
  }

  unwatch(receiver: TopicReceiver): void {
    if (!this.#watchers.delete(receiver)) return;
    this.#behind.delete(receiver);
    if (this.#watchers.size === 0) this.#unfollow();
  }

  /** There may be room for one that was left out. */
  catchUp(receiver: TopicReceiver): void {
    const mode = this.#watchers.get(receiver);
    if (mode !== undefined && receiver.hasRoom && this.#behind.delete(receiver)) this.#tellState(receiver, mode);
  }

  /** Where the broker says that it stands, when it was asked at `asked`: what was missed is listed. */
  refreshed({ epoch, version, tag }: PresenceVersion, asked: PresenceVersion | null): void {
    const at = this.#version;
    if (at === null || asked === null) return;
    const isSame = at.epoch === epoch && at.version === version && at.tag === tag;
    // Changes may have been told since it answered; it does not stand before where it was asked, unless it went back.
    const isBefore = at.epoch === epoch && asked.epoch === epoch && asked.version <= version && version < at.version;
    if (!isSame && !isBefore) this.#list();
  }

  changed(change: PresenceChange): void {
    if (this.#heard !== null) return void this.#heard.push(change);
    const at = this.#version;
    if (at === null) return;
    if (at.epoch === change.epoch && change.version <= at.version) {
      // Told before, or in the list; or of an older copy that has taken over: the next refresh tells, if this does not.
      if (change.version === at.version && change.tag !== at.tag) this.#list();
      return;
    }
    const isNext = at.epoch === change.epoch && change.version === at.version + 1 && change.previousTag === at.tag;
    if (isNext) this.#apply(change);
    else this.#list();
  }

  interrupted(): void {
    this.#list();
  }

  /** The wire is closing. */
  close(): void {
    this.#isClosed = true;
    this.#watchers.clear();
    this.#unfollow();
  }

  #follow(): void {
    this.#isFollowed = true;
    this.#heard = [];
    this.#host.presence.subscribe(this.name, this).then(
      (stop) => {
        if (!this.#isFollowed) return stop();
        this.#stop = stop;
        this.#heard = null;
        this.#list();
      },
      () => this.#retry(),
    );
  }

  #unfollow(): void {
    this.#isFollowed = false;
    this.#stop?.();
    this.#stop = null;
    this.#version = null;
    this.#heard = null;
    for (const known of [this.#members, this.#told, this.#subjects, this.#touched, this.#behind]) known.clear();
    this.#cancelWindow?.();
    this.#cancelLook?.();
    this.#cancelWindow = null;
    this.#cancelLook = null;
  }

  /** The broker did not answer: asks again, while somebody looks. */
  #retry(): void {
    this.#heard = null;
    const stop = this.#stop;
    this.#host.setTimer(LOOK_MS, () => {
      if (!this.#isFollowed || this.#stop !== stop) return;
      if (stop === null) this.#follow();
      else this.#list();
    });
  }

  #list(): void {
    if (this.#heard !== null || this.#stop === null) return;
    const heard: PresenceChange[] = [];
    this.#heard = heard;
    this.#host.presence.list(this.name).then(
      (list) => {
        if (this.#heard !== heard) return;
        this.#heard = null;
        this.#listed(list, heard);
      },
      () => {
        if (this.#heard === heard) this.#retry();
      },
    );
  }

  #listed({ epoch, version, tag, members }: PresenceList, heard: readonly PresenceChange[]): void {
    const isFirst = this.#version === null;
    this.#version = { epoch, version, tag };
    const gone = new Set(this.#members.keys());
    for (const member of members) {
      gone.delete(member.id);
      this.#set(member);
    }
    for (const id of gone) this.#delete(id);
    for (const change of heard) this.changed(change);
    if (!isFirst) return;
    this.#takeTouched();
    for (const [receiver, mode] of [...this.#watchers]) this.#tellState(receiver, mode);
  }

  #apply({ epoch, version, tag, put, removed }: PresenceChange): void {
    this.#version = { epoch, version, tag };
    for (const member of put) this.#set(member);
    for (const id of removed) this.#delete(id);
  }

  #set(member: BrokerMember): void {
    const known = this.#members.get(member.id);
    if (known?.state === member.state && known.subject === member.subject) return;
    this.#members.set(member.id, member);
    this.#touch(member.id);
  }

  #delete(id: string): void {
    if (this.#members.delete(id)) this.#touch(id);
  }

  #touch(id: string): void {
    this.#touched.add(id);
    this.#cancelWindow ??= this.#host.setTimer(this.#windowMs, () => this.#flush());
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

  #tellState(receiver: TopicReceiver, mode: WatchMode): void {
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

  #fallBehind(receiver: TopicReceiver): void {
    this.#behind.add(receiver);
    this.#cancelLook ??= this.#host.setTimer(LOOK_MS, () => {
      this.#cancelLook = null;
      const behind = [...this.#behind];
      for (const one of behind) this.catchUp(one);
      if (this.#behind.size > 0) this.#fallBehind([...this.#behind][0] as TopicReceiver);
    });
  }

  #send(): void {
    if (this.#isSending || this.#outgoing.size === 0) return;
    const outgoing = this.#outgoing;
    this.#outgoing = new Map();
    this.#isSending = true;
    void this.#tellBroker(outgoing)
      .then(
        () => this.#windowMs,
        () => this.#keep(outgoing),
      )
      .then((waitMs) => this.#host.setTimer(waitMs, () => this.#sent()));
  }

  /** The broker did not answer: what has not changed since is told again. Returns when. */
  #keep(outgoing: ReadonlyMap<string, BrokerMember | null>): number {
    if (!this.#isClosed) this.#outgoing = new Map([...outgoing, ...this.#outgoing]);
    return Math.max(LOOK_MS, this.#windowMs);
  }

  async #tellBroker(outgoing: ReadonlyMap<string, BrokerMember | null>): Promise<void> {
    const { presence } = this.#host;
    const members = [...outgoing.values()].filter((member) => member !== null);
    const left = [...outgoing].flatMap(([id, member]) => (member === null ? [id] : []));
    if (members.length > 0) await presence.put(this.name, members, PRESENCE_TTL_MS);
    if (left.length > 0) await presence.remove(this.name, left);
  }

  #sent(): void {
    this.#isSending = false;
    this.#send();
    if (this.isUnused) this.#host.unused(this);
  }
}
