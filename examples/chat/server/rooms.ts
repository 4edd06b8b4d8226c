import { EventEmitter } from 'node:events';

export interface RoomSummary {
  readonly room: string;
  readonly members: number;
}

/** The people in one room. Somebody with several tabs is one member, until the last of them leaves. */
class Room {
  readonly #tabs: Map<string, number> = new Map();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#tabs.size;
  }

  /** Returns the way out; call it once. */
  enter(name: string): () => void {
    this.#count(name, 1);
    return () => this.#count(name, -1);
  }

  #count(name: string, change: 1 | -1): void {
    const before = this.#tabs.get(name) ?? 0;
    const after = before + change;
    if (after > 0) this.#tabs.set(name, after);
    else this.#tabs.delete(name);
    if (before === 0 || after === 0) this.#changed();
  }
}

/** The rooms somebody is in. A room begins with its first member and ends with its last. */
export class Rooms extends EventEmitter<{ change: [] }> {
  readonly #rooms: Map<string, Room> = new Map();

  constructor() {
    super();
    // One listener for each reader of the list: many of them are no leak.
    this.setMaxListeners(0);
  }

  get summaries(): RoomSummary[] {
    return [...this.#rooms].map(([room, { size }]) => ({ room, members: size }));
  }

  /** The room of that name. It must be entered in the same tick, or nobody keeps it. */
  open(name: string): Room {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const room: Room = new Room(() => {
      if (room.size === 0) this.#rooms.delete(name);
      this.emit('change');
    });
    this.#rooms.set(name, room);
    return room;
  }
}
