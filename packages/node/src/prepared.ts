import { types } from 'node:util';
import { FrameEncoder, Opcode, UsageError } from '@typewire/frame';
import { nodeText } from './node-environment.ts';

const serverEncoder = new FrameEncoder(nodeText, null);

/** A message framed once for any number of connections; see {@link prepareMessage}. */
export class PreparedMessage {
  /** The whole frame as a server sends it. @internal */
  readonly frame: Uint8Array;
  /** @internal */
  readonly opcode: typeof Opcode.Text | typeof Opcode.Binary;
  readonly #payloadStart: number;

  /** @internal */
  constructor(opcode: typeof Opcode.Text | typeof Opcode.Binary, frame: Uint8Array, payloadBytes: number) {
    this.opcode = opcode;
    this.frame = frame;
    this.#payloadStart = frame.length - payloadBytes;
  }

  /** The message alone: a client must mask it anew each time. @internal */
  get payload(): Uint8Array {
    return this.frame.subarray(this.#payloadStart);
  }
}

/**
 * Encodes and frames a message once, to be sent to many connections with `sendPrepared`. The content is
 * copied, so `data` may be changed afterwards.
 *
 * @throws {UsageError} `BAD_OPTION` unless `data` is a string or a `Uint8Array`.
 */
export function prepareMessage(data: string | Uint8Array): PreparedMessage {
  if (typeof data === 'string') {
    const frame = Buffer.allocUnsafeSlow(serverEncoder.textBytes(data));
    serverEncoder.writeText(frame, 0, data);
    return new PreparedMessage(Opcode.Text, frame, nodeText.byteLength(data));
  }
  if (!types.isUint8Array(data)) throw badMessage();
  const frame = Buffer.allocUnsafeSlow(serverEncoder.bytesBytes(data.length));
  serverEncoder.writeBytes(frame, 0, Opcode.Binary, data);
  return new PreparedMessage(Opcode.Binary, frame, data.length);
}

/** What sending anything else is answered with. @internal */
export function badMessage(): UsageError {
  return new UsageError('BAD_OPTION', 'a message must be a string or a Uint8Array');
}
