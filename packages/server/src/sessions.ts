import type { SessionTarget } from './authentication/disconnect.ts';
import type { Peer } from './peer.ts';

export interface SessionLimits {
  /** How long a session is kept without a connection, in milliseconds; 0 keeps none. @default 120_000 */
  readonly resumableMs?: number;
  /** Sessions kept without a connection; beyond it the one that is longest without goes. @default 10_000 */
  readonly maxDetached?: number;
  /** Size of the messages kept for them, in UTF-16 units, or bytes of binary ones, over all. @default 67_108_864 */
  readonly maxDetachedSize?: number;
  /** Sessions of one subject kept without a connection. @default 5 */
  readonly maxDetachedPerSubject?: number;
}

export const sessionDefaults: Required<SessionLimits> = {
  resumableMs: 120_000,
  maxDetached: 10_000,
  maxDetachedSize: 67_108_864,
  maxDetachedPerSubject: 5,
};

/**
 * The sessions of this process. One whose connection was lost waits here for its client, within bounds of time,
 * number and size, over all and for each subject; beyond them the one that waits longest ends.
 */
export class Sessions {
  readonly #limits: Required<SessionLimits>;
  readonly #byId: Map<string, Peer> = new Map();
  /** In the order in which they lost their connections, with the moment they end. */
  readonly #detached: Map<Peer, number> = new Map();
  readonly #bySubject: Map<string, Set<Peer>> = new Map();
  #size = 0;

  constructor(limits: Required<SessionLimits>) {
    this.#limits = limits;
  }

  /** All of them, with a connection or without. */
  get count(): number {
    return this.#byId.size;
  }

  get detachedCount(): number {
    return this.#detached.size;
  }

  get resumableMs(): number {
    return this.#limits.resumableMs;
  }

  all(): readonly Peer[] {
    return [...this.#byId.values()];
  }

  /** Those of a subject, or the one with an id. */
  matching({ subject, session }: SessionTarget): readonly Peer[] {
    if (session === undefined) return this.all().filter((peer) => peer.caller.subject === subject);
    const peer = this.find(session);
    return peer === undefined ? [] : [peer];
  }

  find(id: string): Peer | undefined {
    return this.#byId.get(id);
  }

  add(peer: Peer): void {
    this.#byId.set(peer.id, peer);
  }

  /** The session has ended. */
  delete(peer: Peer): void {
    this.attach(peer);
    this.#byId.delete(peer.id);
  }

  /** The session has lost its connection. Others may have to end for it, or it itself. */
  detach(peer: Peer, now: number): void {
    this.#detached.set(peer, now + this.#limits.resumableMs);
    this.#size += peer.keptSize;
    const { subject } = peer.caller;
    if (subject !== null) {
      const peers = this.#bySubject.get(subject) ?? new Set();
      this.#bySubject.set(subject, peers.add(peer));
      if (peers.size > this.#limits.maxDetachedPerSubject) first(peers)?.end();
    }
    if (this.#detached.size > this.#limits.maxDetached) first(this.#detached.keys())?.end();
    this.#trim();
  }

  /** The session has a connection again. */
  attach(peer: Peer): void {
    if (!this.#detached.delete(peer)) return;
    this.#size -= peer.keptSize;
    const { subject } = peer.caller;
    const peers = subject === null ? undefined : this.#bySubject.get(subject);
    if (subject === null || peers === undefined) return;
    peers.delete(peer);
    if (peers.size === 0) this.#bySubject.delete(subject);
  }

  /** What is kept for a session without a connection grew by `size`. */
  grew(size: number): void {
    this.#size += size;
    this.#trim();
  }

  tick(now: number): void {
    for (const [peer, until] of this.#detached) {
      if (until > now) return;
      peer.end();
    }
  }

  #trim(): void {
    while (this.#size > this.#limits.maxDetachedSize && this.#detached.size > 0) first(this.#detached.keys())?.end();
  }
}

function first(peers: Iterable<Peer>): Peer | undefined {
  for (const peer of peers) return peer;
  return undefined;
}
