import type { TimerEnvironment } from '@typewire/core';
import type { Dice } from './dice.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a virtual process gives the product: everything `createWire` and `createClient` may know of the world. */
export interface ProcessEnvironment extends TimerEnvironment {
  hash(text: string): Promise<string>;
  wallNow(): number;
}

/** Hashing runs on another thread of the platform: it takes up to this long. */
const LONGEST_HASH_MS = 2;

/** What the clock on the wall showed when the other was at 0; the same in every run. */
const WALL_START_MS = 1_700_000_000_000;

/**
 * One program with an event loop of its own: a server, or a page. It can be frozen, and then what would have happened
 * piles up and happens in order when it goes on; or end, and then nothing of it happens any more.
 */
export class VirtualProcess {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #onError: (error: unknown) => void;
  #backlog: Array<() => void> = [];
  #state: 'running' | 'frozen' | 'ended' = 'running';
  #timers = 0;
  #runningSince = 0;
  #ids = 0;

  constructor(name: string, clock: VirtualClock, dice: Dice, onError: (error: unknown) => void) {
    this.name = name;
    this.#clock = clock;
    this.#dice = dice;
    this.#onError = onError;
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  get isFrozen(): boolean {
    return this.#state === 'frozen';
  }

  /** When it last went on. */
  get runningSince(): number {
    return this.#runningSince;
  }

  /** Timers that have neither fired nor been cancelled. */
  get timers(): number {
    return this.#timers;
  }

  /** Runs `task` in this process: now, when it goes on, or never. Call it from an event of the clock. */
  run(task: () => void): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'frozen') return void this.#backlog.push(task);
    try {
      task();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Runs `task` in a later turn of this process's event loop. */
  post(task: () => void): void {
    this.#clock.schedule(this.#clock.now(), () => this.run(task));
  }

  /** As the platform's: the delay is at least a millisecond, and a process that is frozen is late. */
  readonly setTimer = (delayMs: number, callback: () => void): (() => void) => {
    if (this.#state === 'ended') return () => {};
    this.#timers++;
    let isOpen = true;
    const close = (): boolean => {
      if (!isOpen) return false;
      isOpen = false;
      this.#timers--;
      return true;
    };
    const fire = (): void => {
      if (close()) callback();
    };
    const unschedule = this.#clock.schedule(this.#clock.now() + Math.max(1, delayMs), () => this.run(fire));
    return () => {
      if (close()) unschedule();
    };
  };

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    this.#runningSince = this.#clock.now();
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const task of backlog) this.post(task);
  }

  end(): void {
    this.#state = 'ended';
    this.#backlog = [];
    this.#timers = 0;
  }

  /** `tick`: whether work put off to the end of a tick waits for the next turn, as on a server, or for promises only. */
  environment(tick: 'turn' | 'microtask'): ProcessEnvironment {
    return {
      now: this.#clock.now,
      wallNow: () => WALL_START_MS + this.#clock.now(),
      random: this.#dice.random,
      createId: (length = 22) => `${this.name}-${++this.#ids}`.padEnd(length, '_'),
      setTimer: this.setTimer,
      defer: (callback) => {
        if (tick === 'turn') this.post(callback);
        else queueMicrotask(() => this.run(callback));
      },
      hash: (text) =>
        new Promise((resolve) => {
          const delayMs = this.#dice.random() * LONGEST_HASH_MS;
          this.#clock.schedule(this.#clock.now() + delayMs, () => this.run(() => resolve(`hash of ${text}`)));
        }),
    };
  }
}
