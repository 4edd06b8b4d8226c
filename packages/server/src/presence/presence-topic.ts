import type { BrokerMember, PresenceVersion } from '@typewire/core';
import type { TopicReceiver } from '../channels/topic-receiver.ts';
import { OwnMembers, type OwnMembersHost } from './own-members.ts';
import { PresenceAudience, type WatchMode } from './presence-audience.ts';
import { PresenceMirror } from './presence-mirror.ts';

/** What a presence topic needs of its hub. */
export interface PresenceTopicHost extends OwnMembersHost {
  /** Nobody of this process is on it, or looks at it. */
  unused(topic: PresenceTopic): void;
}

/** A topic on which users can be present: members that this process has put there, and those who look at all of them. */
export class PresenceTopic {
  readonly name: string;
  /** Sessions that may use it. */
  users = 0;
  readonly #own: OwnMembers;
  readonly #mirror: PresenceMirror;
  readonly #audience: PresenceAudience;

  constructor(name: string, windowMs: number, host: PresenceTopicHost) {
    this.name = name;
    this.#own = new OwnMembers(name, windowMs, host, () => {
      if (this.isUnused) host.unused(this);
    });
    this.#mirror = new PresenceMirror(name, host, {
      touched: (id) => this.#audience.touch(id),
      known: () => this.#audience.tellAll(),
    });
    this.#audience = new PresenceAudience(this.#mirror.members, windowMs, (delayMs, run) =>
      host.setTimer(delayMs, run),
    );
  }

  get ownMembers(): readonly BrokerMember[] {
    return this.#own.all;
  }

  /** Where the broker's state was followed to; `null` while nobody looks. */
  get version(): PresenceVersion | null {
    return this.#mirror.version;
  }

  get isUnused(): boolean {
    return this.users === 0 && this.#own.isEmpty && this.#audience.isEmpty;
  }

  /** A member of this process joins, or changes. Changes within a window go to the broker together. */
  put(member: BrokerMember): void {
    this.#own.put(member);
  }

  remove(id: string): void {
    this.#own.remove(id);
  }

  /** `receiver` looks on; `number` is the topic's in messages. It is told who is present, and then what changes. */
  watch(receiver: TopicReceiver, number: number, mode: WatchMode): void {
    this.#audience.add(receiver, number, mode);
    this.#mirror.follow();
    if (this.#mirror.version !== null) this.#audience.tellState(receiver, mode);
  }

  unwatch(receiver: TopicReceiver): void {
    if (this.#audience.delete(receiver) && this.#audience.isEmpty) this.#unfollow();
  }

  /** There may be room for one that was left out. */
  catchUp(receiver: TopicReceiver): void {
    this.#audience.catchUp(receiver);
  }

  /** Where the broker says that it stands, when it was asked at `asked`. */
  refreshed(version: PresenceVersion, asked: PresenceVersion | null): void {
    this.#mirror.refreshed(version, asked);
  }

  /** The wire is closing. */
  close(): void {
    this.#own.close();
    this.#unfollow();
  }

  #unfollow(): void {
    this.#mirror.unfollow();
    this.#audience.clear();
  }
}
