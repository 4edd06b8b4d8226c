/** How long a member stays without being refreshed, in milliseconds: a node that died leaves no members behind. */
export const PRESENCE_TTL_MS = 60_000;

/** Somebody who is present on a topic. */
export interface BrokerMember {
  /** Unguessable, and the same until it leaves. At most 64 UTF-16 units. */
  readonly id: string;
  /** Who it is: members of one subject are one user. */
  readonly subject: string | null;
  /** Text that must stay as it is. Opaque to the broker. */
  readonly state: string;
}

/**
 * Where the presence of a topic stands: `version` grows by one with each change, `epoch` changes when it is lost. A
 * broker that failed over to an older copy of itself counts the same versions again: `tag`, drawn at random with each
 * change, tells them apart. Before the first change both are 0.
 */
export interface PresenceVersion {
  readonly epoch: string;
  readonly version: number;
  readonly tag: number;
}

/** One change of who is present, or how. `version` and `tag` are those after it. */
export interface PresenceChange extends PresenceVersion {
  /** The tag before it. */
  readonly previousTag: number;
  /** Members that joined or changed, whole. */
  readonly put: readonly BrokerMember[];
  /** Ids of members that left. */
  readonly removed: readonly string[];
}

/** What following a topic's presence tells. Calls are synchronous and must not throw. */
export interface PresenceListener {
  /** The next change. It may be missing, and may have been told before: versions show it. */
  changed(change: PresenceChange): void;
  /** Changes may have been missed: time to list. */
  interrupted(): void;
}

/** Who is present, and the version of that, as one step. */
export interface PresenceList extends PresenceVersion {
  readonly members: readonly BrokerMember[];
}

/**
 * Who is present on topics, shared by all handles of a broker. Nothing of it outlives its time to live, so that members
 * of a server that died leave by themselves: whoever refreshes or lists a topic finds them gone, and all are told.
 *
 * Every call settles; one that rejects may have been carried out, and all of them can be repeated. Each is one step for
 * a topic, and those of one handle take effect in the order in which they were made. A hash of members with a sorted set
 * of when they end and a counter (Redis), or a bucket with revisions (NATS), is enough for it.
 */
export interface BrokerPresence {
  /** Members join, or change. They stay for `ttlMs` from now. What changes nothing but that time is no change. */
  put(topic: string, members: readonly BrokerMember[], ttlMs: number): Promise<void>;
  /** Members leave. Ids that are not present are no error. */
  remove(topic: string, ids: readonly string[]): Promise<void>;
  /**
   * Lets those whose time is over leave, and keeps members for another `ttlMs`, for each topic; those that are not
   * present, or not as they are given, are put, since the broker may have lost them, or an older copy of it taken over. A
   * topic that is only followed is given with none. The answer says where every topic stands then.
   */
  refresh(
    members: ReadonlyMap<string, readonly BrokerMember[]>,
    ttlMs: number,
  ): Promise<ReadonlyMap<string, PresenceVersion>>;
  list(topic: string): Promise<PresenceList>;
  /** Follows a topic: what changes after the promise resolves is told. The returned function stops it. */
  subscribe(topic: string, listener: PresenceListener): Promise<() => void>;
}
