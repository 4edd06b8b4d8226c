import type { TimerEnvironment } from '../environment.ts';
import type { ItemFlow } from './item-flow.ts';
import { Room } from './room.ts';

/** Items a sender may send before others have their turn. */
const BURST = 64;
/**
 * First and longest time between two looks at whether the connection has drained, in milliseconds: not every transport
 * tells, and none of those does of what is less than it takes at once.
 */
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 160;

/** What pacing items needs of a session. */
export interface PaceHost {
  readonly environment: Pick<TimerEnvironment, 'defer' | 'setTimer'>;
  /** Whether more is on its way than should be, or there is nowhere to send it to. */
  readonly isCongested: boolean;
  /** Told when there is room again, where the transport says so. Made by the first who may have to wait. */
  room: Room | null;
}

/**
 * Holds one sender of items back, beyond its credit: an item at a time may be made without waiting for anything, and a
 * loop of those would let nobody else run, and be faster than any socket.
 */
export class ItemPace {
  readonly #host: PaceHost;
  readonly #flow: ItemFlow;
  readonly #room: Room;
  #burst = 0;

  constructor(host: PaceHost, flow: ItemFlow) {
    this.#host = host;
    this.#flow = flow;
    host.room ??= new Room();
    this.#room = host.room;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    return this.#host.environment.setTimer(delayMs, callback);
  }

  /** Whether the sender has to `rest` before its next item. */
  get isDue(): boolean {
    return this.#burst >= BURST || this.#host.isCongested;
  }

  sent(): void {
    this.#burst++;
  }

  /** Resolves when others have had their turn and there is room again, or when the flow is over. */
  async rest(): Promise<void> {
    this.#burst = 0;
    await new Promise<void>((resolve) => this.#host.environment.defer(resolve));
    let waitMs = this.#room.isTold ? LONGEST_WAIT_MS : FIRST_WAIT_MS;
    for (; this.#host.isCongested && !this.#flow.isOver; waitMs *= 2) {
      await this.#wait(Math.min(waitMs, LONGEST_WAIT_MS));
    }
  }

  #wait(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const ends: Array<() => void> = [];
      const done = (): void => {
        for (const end of ends) end();
        resolve();
      };
      ends.push(this.#host.environment.setTimer(waitMs, done), this.#room.wait(done), this.#flow.whenOver(done));
    });
  }
}
