import { ProtocolError } from '@typewire/core';
import type { CalleeMessage, IncomingCall } from '@typewire/core/internal';
import type { Caller } from '../caller.ts';
import type { CalleeOptions } from './callee-api.ts';
import { CalleeCalls, type CalleeCallsHost } from './callee-calls.ts';
import type { CallerObjects } from './caller-object.ts';

/** The client of a session as something that can be called. Costs next to nothing until it is. */
export class Callees {
  readonly #host: CalleeCallsHost;
  readonly #objects: CallerObjects;
  #calls: CalleeCalls | null = null;
  #isOver = false;

  constructor(host: CalleeCallsHost, objects: CallerObjects) {
    this.#host = host;
    this.#objects = objects;
  }

  /** When `tick` is next due. */
  get deadline(): number {
    return this.#calls?.deadline ?? Number.POSITIVE_INFINITY;
  }

  tick(now: number): void {
    this.#calls?.tick(now);
  }

  /** `caller` with its procedures. What is called for a call of the client (`parent`) ends with it. */
  bind(caller: Caller, parent: IncomingCall | null): Caller {
    return this.#objects.create(caller, (callee, input, options) =>
      this.#open().call(callee, input, (options ?? {}) as CalleeOptions, parent),
    );
  }

  /** @throws {ProtocolError} for an answer to a call that was never made, or that is malformed. */
  receive(message: CalleeMessage): void {
    if (this.#calls === null) throw new ProtocolError('MALFORMED', 'an answer to a call that was never made');
    this.#calls.receive(message);
  }

  attached(now: number): void {
    this.#calls?.attached(now);
  }

  detached(): void {
    this.#calls?.detached();
  }

  close(): void {
    this.#isOver = true;
    this.#calls?.close();
  }

  #open(): CalleeCalls {
    if (this.#calls !== null) return this.#calls;
    this.#calls = new CalleeCalls(this.#host, this.#host.environment.now());
    if (this.#isOver) this.#calls.close();
    return this.#calls;
  }
}
