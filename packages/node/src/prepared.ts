import { types } from 'node:util';
import {
  type Cancel,
  type Deflater,
  deflateMessage,
  deflateMessageAside,
  FrameEncoder,
  type MessageDeflate,
  Opcode,
  UsageError,
} from '@typewire/frame';
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
  /** Where it is being compressed beside this thread, and who waits for it. */
  #underway: Map<Deflater, Underway> | null = null;

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
   * later ones may refer to this. `null` where {@link deflateAside} must do that first.
   *
   * @internal
   */
  for(deflate: MessageDeflate): PreparedMessage | null {
    const payloadBytes = this.frame.length - this.#payloadStart;
    if (payloadBytes < deflate.thresholdBytes) return this;
    this.#deflated ??= new Map();
    let deflated = this.#deflated.get(deflate.deflater);
    if (deflated === undefined) {
      if (deflate.isLarge(payloadBytes)) return null;
      deflated = this.#framed(deflateMessage(deflate.deflater, this.payload, null));
      this.#deflated.set(deflate.deflater, deflated);
    }
    if (deflated !== this) deflate.sentDeflated(this.payload);
    return deflated;
  }

  /** Gives `onDeflated` what {@link for} returned `null` for; what it does must not throw. @internal */
  deflateAside(deflate: MessageDeflate, onDeflated: (message: PreparedMessage) => void): Cancel {
    const { deflater } = deflate;
    this.#underway ??= new Map();
    const underway = this.#underway.get(deflater) ?? this.#beginDeflating(deflater, this.#underway);
    const tell = (message: PreparedMessage): void => {
      if (message !== this) deflate.sentDeflated(this.payload);
      onDeflated(message);
    };
    underway.told.add(tell);
    return () => {
      if (underway.told.delete(tell) && underway.told.size === 0) underway.cancel();
    };
  }

  #beginDeflating(deflater: Deflater, all: Map<Deflater, Underway>): Underway {
    const told: Underway['told'] = new Set();
    const cancelJob = deflateMessageAside(deflater, this.payload, null, (payload) => {
      all.delete(deflater);
      const message = this.#framed(payload);
      this.#deflated?.set(deflater, message);
      for (const tell of told) {
        told.delete(tell);
        tell(message);
      }
    });
    const cancel = (): void => {
      all.delete(deflater);
      cancelJob();
    };
    const underway = { told, cancel };
    all.set(deflater, underway);
    return underway;
  }

  #framed(payload: Uint8Array | null): PreparedMessage {
    if (payload === null) return this;
    const frame = Buffer.allocUnsafeSlow(serverEncoder.bytesBytes(payload.length));
    serverEncoder.writeBytes(frame, 0, this.opcode, payload, true);
    return new PreparedMessage(this.opcode, frame, payload.length, true);
  }
}

/** A message that is compressed beside this thread. */
interface Underway {
  readonly told: Set<(message: PreparedMessage) => void>;
  readonly cancel: Cancel;
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
