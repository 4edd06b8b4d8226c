import type { OutgoingRequest } from '../calls/outgoing-call.ts';
import { CallError, callFailure, ProtocolError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodePublish } from '../message/encode.ts';
import type { PublishFields } from '../message/messages.ts';
import { isPositionFields, type Position, readPosition } from './position.ts';

export interface PublishRequestOptions {
  /** JSON text of the path. */
  readonly path: string;
  /** JSON text of the parameters. */
  readonly params: string;
  /** `null` when nothing is asked for besides. */
  readonly fields: PublishFields | null;
  /** What `encodeValue` made of the event; `null` until a Blob of it has been read. */
  readonly event: EncodedValue | null;
  readonly deadline: number;
  resolve(position: Position): void;
  reject(error: CallError): void;
}

/** A client's publication on its way. Like a mutation, it is repeated by itself only with a key by which it is known. */
export class PublishRequest implements OutgoingRequest {
  id = 0;
  readonly repeatable: boolean;
  readonly answer = 'result';
  readonly upload = null;
  readonly deadline: number;
  value: EncodedValue | null;
  readonly #options: PublishRequestOptions;

  constructor(options: PublishRequestOptions) {
    this.#options = options;
    this.deadline = options.deadline;
    this.value = options.event;
    this.repeatable = options.fields?.key !== undefined;
  }

  get size(): number {
    return this.#options.path.length + this.#options.params.length + (this.value?.length ?? 0);
  }

  encode(id: number): EncodedMessage {
    const { path, params, fields } = this.#options;
    return encodePublish(id, path, params, fields, this.value ?? '');
  }

  result(value: unknown): void {
    if (isPositionFields(value)) return this.#options.resolve(readPosition(value));
    const error = new ProtocolError('MALFORMED', 'a publish was answered with something that is no position');
    this.fail(callFailure('DISCONNECTED', error.message, 'unknown', error));
    throw error;
  }

  // Never told: it is answered with a result.
  item(): void {}

  tracked(): void {}

  end(): void {}

  fail(error: CallError): void {
    const { code, message, data } = error;
    // The server does not know either whether its broker has the event.
    const isUnknown = code === 'UNAVAILABLE';
    this.#options.reject(isUnknown ? new CallError(code, message, { data, delivery: 'unknown' }) : error);
  }
}
