import type { OutgoingRequest } from '../calls/outgoing-call.ts';
import type { CallError } from '../errors.ts';
import type { EncodedMessage, EncodedValue } from '../message/binary.ts';
import { encodePublish } from '../message/encode.ts';

export interface PublishRequestOptions {
  /** JSON text of the path. */
  readonly path: string;
  /** JSON text of the parameters. */
  readonly params: string;
  /** What `encodeValue` made of the event. */
  readonly event: EncodedValue;
  readonly deadline: number;
  resolve(): void;
  reject(error: CallError): void;
}

/** A client's publication on its way; like a mutation, it is never repeated by itself. */
export class PublishRequest implements OutgoingRequest {
  id = 0;
  readonly repeatable = false;
  readonly answer = 'result';
  readonly upload = null;
  readonly deadline: number;
  readonly #options: PublishRequestOptions;

  constructor(options: PublishRequestOptions) {
    this.#options = options;
    this.deadline = options.deadline;
  }

  get size(): number {
    return this.#options.path.length + this.#options.params.length + this.#options.event.length;
  }

  encode(id: number): EncodedMessage {
    const { path, params, event } = this.#options;
    return encodePublish(id, path, params, event);
  }

  result(): void {
    this.#options.resolve();
  }

  // Never told: it is answered with a result.
  item(): void {}

  tracked(): void {}

  end(): void {}

  fail(error: CallError): void {
    this.#options.reject(error);
  }
}
