import { CallError, type Serializer, type TimerEnvironment } from '@typewire/core';
import {
  decodeValue,
  encodeEnter,
  encodeExit,
  encodeWatch,
  type MemberFields,
  type PresenceMessage,
  type PresenceMode,
  presenceShapes,
  type Shapes,
  type StandingMessage,
  type SubscriptionTable,
  type TopicCompanion,
} from '@typewire/core/internal';

/** Time between two updates of one member, in milliseconds; of those between, the newest is sent. */
const UPDATE_MS = 100;

export interface TopicPresenceHost {
  readonly serializer: Serializer;
  readonly environment: TimerEnvironment;
  send(message: string): void;
}

/** One that looks at the presence of a topic, or is present by it. */
export interface PresenceView {
  readonly mode: PresenceMode;
  readonly isPresent: boolean;
  tell(name: string, ...args: unknown[]): void;
}

/** The session whose topics it is about. */
export interface PresenceSession extends TopicPresenceHost {
  readonly shapes: Shapes;
  readonly subscriptions: Pick<SubscriptionTable, 'companions' | 'numberOf'>;
}

/** The presence of a topic that is followed, as long as it is. */
export function topicPresence(session: PresenceSession, name: string): TopicPresence {
  Object.assign(session.shapes, presenceShapes);
  const { companions } = session.subscriptions;
  const presence = (companions.get(name) as TopicPresence | undefined) ?? new TopicPresence(session);
  companions.set(name, presence);
  const topic = session.subscriptions.numberOf(name);
  if (topic !== null && presence.views.size === 0) presence.opened(topic);
  return presence;
}

/** The presence of one topic, shared by its local subscribers: what the server is told and asked, and what it said. */
export class TopicPresence implements TopicCompanion {
  readonly members: Map<string, unknown> = new Map();
  readonly subjects: Map<string, string | null> = new Map();
  readonly views: Set<PresenceView> = new Set();
  self: string | null = null;
  readonly #host: TopicPresenceHost;
  /** What the states were decoded from, to tell what has changed. */
  readonly #texts: Map<string, string> = new Map();
  #count: readonly [members: number, subjects: number] | null = null;
  #topic: number | null = null;
  #asked: PresenceMode = 'off';
  /** Of a state that takes more than one message. */
  #parts: MemberFields[] = [];
  #state: string | null = null;
  #isDue = false;
  #cancelTimer: (() => void) | null = null;

  constructor(host: TopicPresenceHost) {
    this.#host = host;
  }

  get count(): { readonly members: number; readonly subjects: number } {
    const [members, subjects] = this.#count ?? [
      this.members.size,
      new Set([...this.subjects.values()].filter((subject) => subject !== null)).size,
    ];
    return { members, subjects };
  }

  bySubject<State>(): Map<string | null, State[]> {
    const groups = new Map<string | null, State[]>();
    for (const [id, state] of this.members) {
      const subject = this.subjects.get(id) ?? null;
      groups.set(subject, [...(groups.get(subject) ?? []), state as State]);
    }
    return groups;
  }

  /** A view looks, is present, or has gone: asks for what they want together. */
  changed(): void {
    const modes = new Set([...this.views].map(({ mode }) => mode));
    const mode = modes.has('all') ? 'all' : modes.has('count') ? 'count' : 'off';
    if (this.#topic !== null && mode !== this.#asked) {
      this.#asked = mode;
      this.#host.send(encodeWatch(this.#topic, mode));
    }
    if (this.#state !== null && ![...this.views].some(({ isPresent }) => isPresent)) {
      this.#forget();
      if (this.#topic !== null) this.#host.send(encodeExit(this.#topic));
    }
  }

  /** `state` is what `encodeText` made of it. */
  update(state: string): void {
    this.#state = state;
    this.#isDue = true;
    if (this.#cancelTimer === null) this.#send();
  }

  opened(topic: number): void {
    this.#topic = topic;
    this.#asked = 'off';
    this.#parts = [];
    this.self = null;
    this.changed();
    this.#isDue = this.#state !== null;
    if (this.#cancelTimer === null) this.#send();
  }

  lost(): void {
    this.#topic = null;
  }

  receive(message: PresenceMessage | StandingMessage): void {
    if (message[0] === 45) return this.#stand(message);
    if (message.length === 4) {
      this.#count = [message[2], message[3]];
      return this.#tell('sync');
    }
    const [, , kind, left, members] = message;
    this.#count = null;
    if (kind === 'part') return void this.#parts.push(...members);
    const all = [...this.#parts.splice(0), ...members];
    if (kind === 'diff') for (const id of left) this.#delete(id);
    else {
      const present = new Set(all.map(([id]) => id));
      for (const id of [...this.members.keys()]) if (!present.has(id)) this.#delete(id);
    }
    for (const member of all) this.#set(member);
    this.#tell('sync');
  }

  /** Nobody uses it any more. */
  close(): void {
    this.#forget();
  }

  #stand(message: StandingMessage): void {
    if (message[2] === 'entered') {
      this.self = message[3];
      return;
    }
    const [, , right, code, text] = message;
    if (right === 'enter') {
      // A member whose new state is refused is still there as it was before, and this client says that it is not.
      if (this.self !== null && this.#topic !== null) this.#host.send(encodeExit(this.#topic));
      this.#forget();
    } else {
      for (const id of [...this.members.keys()]) this.#delete(id);
      this.#count = null;
    }
    const data = decodeValue(this.#host.serializer, message, 5);
    this.#tell('refused', right, new CallError(code, text, { data, delivery: 'answered' }));
  }

  #set(member: MemberFields): void {
    const [id, subject] = member;
    const text = JSON.stringify(member);
    if (this.#texts.get(id) === text) return;
    const name = this.members.has(id) ? 'update' : 'join';
    // Reviving may change what is decoded in place: the text is taken before.
    const state = decodeValue(this.#host.serializer, member, 2);
    this.#texts.set(id, text);
    this.members.set(id, state);
    this.subjects.set(id, subject);
    this.#tell(name, id, state);
  }

  #delete(id: string): void {
    const state = this.members.get(id);
    this.#texts.delete(id);
    this.subjects.delete(id);
    if (this.members.delete(id)) this.#tell('leave', id, state);
  }

  #send(): void {
    this.#cancelTimer = null;
    if (!this.#isDue || this.#state === null || this.#topic === null) return;
    this.#isDue = false;
    this.#host.send(encodeEnter(this.#topic, this.#state));
    this.#cancelTimer = this.#host.environment.setTimer(UPDATE_MS, () => this.#send());
  }

  #forget(): void {
    this.#state = null;
    this.self = null;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #tell(name: string, ...args: unknown[]): void {
    for (const view of [...this.views]) view.tell(name, ...args);
  }
}
