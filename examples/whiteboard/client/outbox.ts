import { type CallError, safe } from '@typewire/client';
import type { Stroke } from '../shared/ink.ts';
import { createId } from './identity.ts';
import { loadChanges, saveChanges } from './kept-changes.ts';
import type { Wire } from './wire.ts';

/** A change of ours that has not been seen on the board yet. */
export interface Change {
  /** Its idempotency key: however often it is sent, it happens once. */
  readonly key: string;
  readonly draw?: Stroke;
  /** Id of the stroke that is taken off. */
  readonly undo?: string;
}

export interface OutboxListener {
  changed(): void;
  /** The server does not want it, and never will. */
  refused(error: CallError): void;
}

/**
 * Our changes until they are on the board. They show at once, wait while there is no connection, however long that takes, and
 * survive a reload of the page.
 */
export class Outbox {
  readonly #wire: Wire;
  readonly #board: string;
  readonly #listener: OutboxListener;
  readonly #changes: Map<string, Change> = new Map();
  /** Keys of those the server has done: what happened is on its way to us. */
  readonly #done: Set<string> = new Set();
  /** Keys of those that are with the client, which sends them when it can. */
  readonly #sending: Set<string> = new Set();

  constructor(wire: Wire, board: string, listener: OutboxListener) {
    this.#wire = wire;
    this.#board = board;
    this.#listener = listener;
    for (const change of loadChanges(board)) this.#changes.set(change.key, change);
    this.#sendAll();
    wire.on('status', ({ state }) => {
      if (state === 'open') this.#sendAll();
    });
  }

  get drawn(): Stroke[] {
    return [...this.#changes.values()].flatMap(({ draw }) => draw ?? []);
  }

  get undone(): Set<string> {
    return new Set([...this.#changes.values()].flatMap(({ undo }) => undo ?? []));
  }

  /** Changes that are not known to have been done. */
  get waiting(): number {
    return this.#changes.size - this.#done.size;
  }

  draw(stroke: Stroke): void {
    this.#add({ key: createId(), draw: stroke });
  }

  undo(id: string): void {
    this.#add({ key: createId(), undo: id });
  }

  /** A change was seen on the board: `id` is the stroke's. */
  settle(id: string): void {
    for (const { key, draw, undo } of this.#changes.values()) {
      if (draw?.id === id || undo === id) this.#forget(key);
    }
  }

  /** The board began anew: what has been done is in it, or gone with what was before. */
  settleDone(): void {
    for (const key of [...this.#done]) this.#forget(key);
  }

  #add(change: Change): void {
    this.#changes.set(change.key, change);
    this.#save();
    void this.#send(change);
  }

  #sendAll(): void {
    for (const change of this.#changes.values()) void this.#send(change);
  }

  async #send(change: Change): Promise<void> {
    const { key } = change;
    if (this.#sending.has(key) || this.#done.has(key)) return;
    this.#sending.add(key);
    const result = await safe(this.#request(change));
    this.#sending.delete(key);
    if (!this.#changes.has(key)) return;
    if (result.ok) this.#done.add(key);
    else if (result.error.delivery === 'answered') {
      this.#forget(key);
      this.#listener.refused(result.error);
    }
    // Otherwise it stays, and goes out again with the next connection.
    this.#save();
  }

  #request({ key, draw, undo = '' }: Change): Promise<unknown> {
    const options = { idempotencyKey: key, timeoutMs: Number.POSITIVE_INFINITY };
    const board = this.#board;
    if (draw === undefined) return this.#wire.api.undo.mutate({ board, id: undo }, options);
    const { by: _, ...stroke } = draw;
    return this.#wire.api.draw.mutate({ board, stroke: { ...stroke, points: [...stroke.points] } }, options);
  }

  #forget(key: string): void {
    this.#changes.delete(key);
    this.#done.delete(key);
    this.#save();
  }

  #save(): void {
    saveChanges(this.#board, [...this.#changes.values()]);
    this.#listener.changed();
  }
}
