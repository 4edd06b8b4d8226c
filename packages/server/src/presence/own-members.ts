import { type BrokerMember, type BrokerPresence, PRESENCE_TTL_MS } from '@typewire/core';

/** What members of this process need of their topic's hub. */
export interface OwnMembersHost {
  readonly presence: BrokerPresence;
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** Until a broker that did not answer is told again, in milliseconds. */
const RETRY_MS = 1_000;

/** The members that this process has on a topic. The broker is told of what changes within a window in one go. */
export class OwnMembers {
  readonly #topic: string;
  readonly #windowMs: number;
  readonly #host: OwnMembersHost;
  readonly #onTold: () => void;
  readonly #members: Map<string, BrokerMember> = new Map();
  /** Changes that the broker has not been told; `null` leaves. */
  #outgoing: Map<string, BrokerMember | null> = new Map();
  #isSending = false;
  #isClosed = false;

  /** `onTold` is called when the window after the broker was told is over. */
  constructor(topic: string, windowMs: number, host: OwnMembersHost, onTold: () => void) {
    this.#topic = topic;
    this.#windowMs = windowMs;
    this.#host = host;
    this.#onTold = onTold;
  }

  get all(): readonly BrokerMember[] {
    return [...this.#members.values()];
  }

  /** Whether there is none, and the broker knows. */
  get isEmpty(): boolean {
    return this.#members.size === 0 && !this.#isSending;
  }

  put(member: BrokerMember): void {
    this.#members.set(member.id, member);
    this.#outgoing.set(member.id, member);
    this.#send();
  }

  remove(id: string): void {
    if (!this.#members.delete(id)) return;
    this.#outgoing.set(id, null);
    this.#send();
  }

  /** Nothing is told again from here on. */
  close(): void {
    this.#isClosed = true;
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
    return Math.max(RETRY_MS, this.#windowMs);
  }

  async #tellBroker(outgoing: ReadonlyMap<string, BrokerMember | null>): Promise<void> {
    const { presence } = this.#host;
    const members = [...outgoing.values()].filter((member) => member !== null);
    const left = [...outgoing].flatMap(([id, member]) => (member === null ? [id] : []));
    if (members.length > 0) await presence.put(this.#topic, members, PRESENCE_TTL_MS);
    if (left.length > 0) await presence.remove(this.#topic, left);
  }

  #sent(): void {
    this.#isSending = false;
    this.#send();
    this.#onTold();
  }
}
