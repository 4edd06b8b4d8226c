import { OutgoingCall, type OutgoingCallOptions } from '../calls/outgoing-call.ts';
import { CallError, callFailure, ProtocolError } from '../errors.ts';
import type { EncodedMessage } from '../message/binary.ts';
import { encodePublish } from '../message/encode.ts';
import type { PublishFields } from '../message/messages.ts';
import { isPositionFields, readPosition } from './position.ts';

/** The input is the event. The observer is given its position. */
export interface PublishRequestOptions extends Pick<OutgoingCallOptions, 'path' | 'input' | 'deadline' | 'observer'> {
  /** JSON text of the parameters. */
  readonly params: string;
  /** `null` when nothing is asked for besides. */
  readonly fields: PublishFields | null;
}

/** A client's publication on its way. Like a mutation, it is repeated by itself only with a key by which it is known. */
export class PublishRequest extends OutgoingCall {
  readonly #options: PublishRequestOptions;

  constructor(options: PublishRequestOptions) {
    super({ ...options, kind: 'mutation', key: options.fields?.key ?? null, credit: () => 0 });
    this.#options = options;
  }

  override get size(): number {
    return super.size + this.#options.params.length;
  }

  override encode(id: number): EncodedMessage {
    const { path, params, fields } = this.#options;
    return encodePublish(id, path, params, fields, this.value ?? '');
  }

  override result(value: unknown): void {
    if (isPositionFields(value)) return super.result(readPosition(value));
    const error = new ProtocolError('MALFORMED', 'a publish was answered with something that is no position');
    this.fail(callFailure('DISCONNECTED', error.message, 'unknown', error));
    throw error;
  }

  override fail(error: CallError): void {
    const { code, message, data } = error;
    // The server does not know either whether its broker has the event.
    super.fail(code === 'UNAVAILABLE' ? new CallError(code, message, { data, delivery: 'unknown' }) : error);
  }
}
