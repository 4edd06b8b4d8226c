import { types } from 'node:util';
import { type Deflater, deflateMessage, FrameEncoder, type MessageDeflate, Opcode, UsageError } from '@typewire/frame';
import { type Flushable, flushSoon } from './flush-soon.ts';
import { FrameRun } from './frame-run.ts';
import { nodeText } from './node-environment.ts';

const serverEncoder = new FrameEncoder(nodeText, null);

/** A message framed once for any number of connections; see {@link prepareMessage}. */
export class PreparedMessage implements Flushable {
  /** The whole frame as a server sends it. @internal */
  readonly frame: Uint8Array;
  /** @internal */
  readonly opcode: typeof Opcode.Text | typeof Opcode.Binary;
  /** @internal */
  readonly compressed: boolean;
  readonly #payloadStart: number;
  #run: FrameRun | null = null;
  /** The same message compressed, made when first needed; itself where that would not be shorter. */
  #deflated: Map<Deflater, PreparedMessage> | null = null;

  /** @internal */
  constructor(
    opcode: typeof Opcode.Text | typeof Opcode.Binary,
    frame: Uint8Array,
    payloadBytes: number,
    compressed = false,
  ) {
    this.opcode = opcode;
    this.frame = frame;
    this.compressed = compressed;
    this.#payloadStart = frame.length - payloadBytes;
  }

  /**
   * What begins with this message in this tick, for all connections to share. Not longer: a message that is kept for
   * ever would keep what once followed it.
   *
   * @internal
   */
  get run(): FrameRun {
    if (this.#run === null) {
      this.#run = new FrameRun(this.frame);
      flushSoon(this);
    }
    return this.#run;
  }

  /** @internal */
  flush(): void {
    this.#run = null;
  }

  /** The message alone: a client must mask it anew each time. @internal */
  get payload(): Uint8Array {
    return this.frame.subarray(this.#payloadStart);
  }

  /**
   * What is to be sent on a connection that compresses: the message as it is, or compressed once for all connections
   * with the same settings. Context takeover does not stand in the way: who may refer to earlier messages need not, and
   * later ones may refer to this.
   *
   * @internal
   */
  for(deflate: MessageDeflate): PreparedMessage {
    if (this.frame.length - this.#payloadStart < deflate.thresholdBytes) return this;
    this.#deflated ??= new Map();
    let deflated = this.#deflated.get(deflate.deflater);
    if (deflated === undefined) {
      deflated = this.#deflate(deflate.deflater);
      this.#deflated.set(deflate.deflater, deflated);
    }
    if (deflated !== this) deflate.sentDeflated(this.payload);
    return deflated;
  }

  #deflate(deflater: Deflater): PreparedMessage {
    const payload = deflateMessage(deflater, this.payload, null);
    if (payload === null) return this;
    const frame = Buffer.allocUnsafeSlow(serverEncoder.bytesBytes(payload.length));
    serverEncoder.writeBytes(frame, 0, this.opcode, payload, true);
    return new PreparedMessage(this.opcode, frame, payload.length, true);
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
