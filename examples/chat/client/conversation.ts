import type { CallError } from '@typewire/client';
import type { Message } from '../server/message.ts';
import { type Entry, keyOf, MAX_ENTRIES, REWIND } from './entries.ts';
import { type Person, peopleOf } from './people.ts';
import type { Wire } from './wire.ts';

export interface ConversationListener {
  changed(): void;
  peopleChanged(people: readonly Person[]): void;
  /** The message is in the room, whatever became of the call that sent it. */
  arrived(message: Message): void;
}

/** The messages of one room: its latest past, then everything as it happens, across lost connections. */
export class Conversation {
  readonly room: string;
  readonly #wire: Wire;
  readonly #listener: ConversationListener;
  readonly #known: Set<string> = new Set();
  #entries: Entry[] = [];
  readonly #subscription: ReturnType<Wire['api']['room']['subscribe']>;
  #refusal: CallError | null = null;
  #people: readonly Person[] | null = null;

  constructor(wire: Wire, room: string, me: string, listener: ConversationListener) {
    this.room = room;
    this.#wire = wire;
    this.#listener = listener;
    this.#subscription = this.#subscribe();
    const { presence } = this.#subscription;
    presence.update({ typing: false });
    presence.on('sync', () => {
      this.#people = peopleOf(presence.bySubject(), me);
      listener.peopleChanged(this.#people);
    });
  }

  /** Who is here; `null` before it is known. */
  get people(): readonly Person[] | null {
    return this.#people;
  }

  /** Tells the others whether we are writing. */
  setTyping(typing: boolean): void {
    this.#subscription.presence.update({ typing });
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Whether the server has let us in, at least once. */
  get isEntered(): boolean {
    return this.#subscription.status.outcome !== null || this.#entries.length > 0;
  }

  /** Why the server does not let us in; `null` while it does. */
  get refusal(): CallError | null {
    return this.#refusal;
  }

  /** Adds a message that is in the room; one that is known already changes nothing. */
  add(message: Message): void {
    this.#listener.arrived(message);
    const key = keyOf(message);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#append({ type: 'message', message });
  }

  close(): void {
    this.#subscription.close();
  }

  #subscribe(): ReturnType<Wire['api']['room']['subscribe']> {
    const subscription = this.#wire.api.room.subscribe({ room: this.room }, { rewind: REWIND });
    subscription.on('event', (message) => this.add(message));
    subscription.on('gap', () => this.#markGap());
    subscription.on('status', () => this.#listener.changed());
    subscription.on('closed', (error) => {
      this.#refusal = error;
      this.#listener.changed();
    });
    return subscription;
  }

  /** Something was missed for good. What is on the screen stays, and what the room still knows follows by itself. */
  #markGap(): void {
    if (this.#entries.length > 0 && this.#entries.at(-1)?.type !== 'gap') this.#append({ type: 'gap' });
  }

  #append(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries = this.#entries.slice(-MAX_ENTRIES);
    this.#listener.changed();
  }
}
