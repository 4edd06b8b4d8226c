import type { OutgoingRequest } from '../calls/outgoing-call.ts';
import { type CallError, callFailure, ProtocolError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodeHistory } from '../message/past.ts';
import type { Position } from './position.ts';

/** A part of a topic's past, oldest first. */
export interface HistoryPage<Event = unknown> {
  readonly events: ReadonlyArray<{ readonly event: Event; readonly position: Position }>;
  /** Whether older events are kept. */
  readonly more: boolean;
}

export interface HistoryRequestOptions {
  /** JSON text of the path. */
  readonly path: string;
  /** What `encodeValue` made of the parameters. */
  readonly params: EncodedValue;
  readonly before: Position | null;
  readonly limit: number;
  readonly deadline: number;
  resolve(page: HistoryPage): void;
  reject(error: CallError): void;
}

/** A page of a topic's past on its way here; asking again does no harm. */
export class HistoryRequest implements OutgoingRequest {
  id = 0;
  readonly repeatable = true;
  readonly answer = 'result';
  readonly upload = null;
  readonly deadline: number;
  readonly #options: HistoryRequestOptions;
  #past: Array<readonly [event: unknown, offset: number, tag: number]> = [];

  constructor(options: HistoryRequestOptions) {
    this.#options = options;
    this.deadline = options.deadline;
  }

  get size(): number {
    return this.#options.path.length + this.#options.params.length;
  }

  encode(id: number): EncodedMessage {
    const { path, params, before, limit } = this.#options;
    // What came before the connection was lost comes again.
    this.#past = [];
    return encodeHistory(id, path, before, limit, params);
  }

  /** The next event of the page. */
  past(event: unknown, offset: number, tag: number): void {
    if (this.#past.length === this.#options.limit) throw new ProtocolError('MALFORMED', 'more past than was asked for');
    this.#past.push([event, offset, tag]);
  }

  result(value: unknown): void {
    if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'boolean') {
      const [epoch, more] = value as [string, boolean];
      const events = this.#past.map(([event, offset, tag]) => ({ event, position: { epoch, offset, tag } }));
      return this.#options.resolve({ events, more });
    }
    const error = new ProtocolError('MALFORMED', 'a page of history ended with something else');
    this.fail(callFailure('DISCONNECTED', error.message, 'unknown', error));
    throw error;
  }

  // Never told: it is answered with a result.
  item(): void {}

  tracked(): void {}

  end(): void {}

  fail(error: CallError): void {
    this.#options.reject(error);
  }
}
