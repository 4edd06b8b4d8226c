import type {
  BrokerMember,
  BrokerPresence,
  PresenceChange,
  PresenceList,
  PresenceListener,
  PresenceVersion,
} from '@typewire/core';

/** What a mirror needs of its topic's hub. */
export interface PresenceMirrorHost {
  readonly presence: BrokerPresence;
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** Told by {@link PresenceMirror}. */
export interface PresenceMirrorObserver {
  /** A member has come, changed or gone. */
  touched(id: string): void;
  /** Who is present is known, for the first time since the topic is followed. */
  known(): void;
}

/** Until a broker that did not answer is asked again, in milliseconds. */
const RETRY_MS = 1_000;

/** Who the broker says is present on a topic, while it is followed. A change that was missed has the whole listed again. */
export class PresenceMirror implements PresenceListener {
  readonly members: Map<string, BrokerMember> = new Map();
  readonly #topic: string;
  readonly #host: PresenceMirrorHost;
  readonly #observer: PresenceMirrorObserver;
  #isFollowed = false;
  #stop: (() => void) | null = null;
  #version: PresenceVersion | null = null;
  /** Changes heard while the state is listed. */
  #heard: PresenceChange[] | null = null;

  constructor(topic: string, host: PresenceMirrorHost, observer: PresenceMirrorObserver) {
    this.#topic = topic;
    this.#host = host;
    this.#observer = observer;
  }

  /** Where the broker's state was followed to; `null` before the first list. */
  get version(): PresenceVersion | null {
    return this.#version;
  }

  follow(): void {
    if (!this.#isFollowed) this.#subscribe();
  }

  unfollow(): void {
    this.#isFollowed = false;
    this.#stop?.();
    this.#stop = null;
    this.#version = null;
    this.#heard = null;
    this.members.clear();
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

  #subscribe(): void {
    this.#isFollowed = true;
    this.#heard = [];
    this.#host.presence.subscribe(this.#topic, this).then(
      (stop) => {
        if (!this.#isFollowed) return stop();
        this.#stop = stop;
        this.#heard = null;
        this.#list();
      },
      () => this.#retry(),
    );
  }

  /** The broker did not answer: asks again, while somebody looks. */
  #retry(): void {
    this.#heard = null;
    const stop = this.#stop;
    this.#host.setTimer(RETRY_MS, () => {
      if (!this.#isFollowed || this.#stop !== stop) return;
      if (stop === null) this.#subscribe();
      else this.#list();
    });
  }

  #list(): void {
    if (this.#heard !== null || this.#stop === null) return;
    const heard: PresenceChange[] = [];
    this.#heard = heard;
    this.#host.presence.list(this.#topic).then(
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
    const gone = new Set(this.members.keys());
    for (const member of members) {
      gone.delete(member.id);
      this.#set(member);
    }
    for (const id of gone) this.#delete(id);
    for (const change of heard) this.changed(change);
    if (isFirst) this.#observer.known();
  }

  #apply({ epoch, version, tag, put, removed }: PresenceChange): void {
    this.#version = { epoch, version, tag };
    for (const member of put) this.#set(member);
    for (const id of removed) this.#delete(id);
  }

  #set(member: BrokerMember): void {
    const known = this.members.get(member.id);
    if (known?.state === member.state && known.subject === member.subject) return;
    this.members.set(member.id, member);
    this.#observer.touched(member.id);
  }

  #delete(id: string): void {
    if (this.members.delete(id)) this.#observer.touched(id);
  }
}
