import type { MessageLimits, MessageSink } from './assembler.ts';
import type { CloseOutcome } from './close.ts';
import type { ControlRateLimits } from './control-rate.ts';
import { type Allocate, allocateZeroed } from './growing-buffer.ts';
import type { MaskWide } from './mask.ts';
import type { Opcode } from './opcode.ts';
import { platformText, type TextOps } from './text-ops.ts';

/** Which side of the connection we are: clients mask, servers end TCP first. */
export type Role = 'client' | 'server';

/** What a peer may cost; one object can serve all connections. "No limit" is `Infinity`. */
export interface ConnectionLimits extends MessageLimits, ControlRateLimits {
  /** From our Close frame to the peer's, and from there to the end of TCP. */
  readonly closeTimeoutMs: number;
  /** From the first byte of a message to its last. */
  readonly messageTimeoutMs: number;
}

/** The defaults of guarantees.md for a server. */
export const connectionLimits: ConnectionLimits = {
  maxMessageBytes: 1_048_576,
  maxFragments: 1_024,
  maxControlFrames: 100,
  controlWindowMs: 10_000,
  closeTimeoutMs: 5_000,
  messageTimeoutMs: 30_000,
};

/** What the machine needs from its platform; one object can serve all connections. */
export interface ConnectionEnvironment {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  readonly text: TextOps;
  readonly allocate: Allocate;
  /** For large payloads; without it they are masked 32 bits at a time. */
  readonly maskWide: MaskWide | null;
}

/** A {@link ConnectionEnvironment} of what every runtime has, but for the clock. */
export function portableEnvironment(now: () => number): ConnectionEnvironment {
  return { now, text: platformText, allocate: allocateZeroed, maskWide: null };
}

/** Where the machine's frames go, in order. It must not call back into the machine. */
export interface FrameOutput {
  text(text: string): void;
  /**
   * `payload` of a control frame is the output's to keep; that of a message is the application's. `compressed` is `true`
   * only behind a `DeflatingOutput`: the frame must then have RSV1 set, and the payload is to keep.
   */
  bytes(opcode: Opcode, payload: Uint8Array, compressed?: boolean): void;
  /** Whether what was sent earlier still waits for the peer. Pongs are then held back, all but the newest. */
  readonly blocked: boolean;
}

/** How a connection ended. */
export interface ClosedEvent extends CloseOutcome {
  /** The first thing that went wrong, if something did. */
  readonly error?: Error;
}

/** What the machine tells its driver, in order. Methods must not throw, and may call the machine. */
export interface ConnectionSink extends MessageSink {
  /** A ping arrived; it is answered by the machine. `payload` owns its memory. */
  ping(payload: Uint8Array): void;
  pong(payload: Uint8Array): void;
  /**
   * A message is inflated beside this thread, or the peer has had too much inflated, or that is over: needed only where one
   * of them can be. Reading pauses meanwhile, as what is received nevertheless is kept without a bound. `false` comes when the message was delivered, and
   * also where it was the end of the connection, unless that came from our side.
   */
  inputHeld?(held: boolean): void;
  /** End the transport after everything that was sent. Input is still read and discarded until it ends. */
  endTransport(): void;
  /** End the transport at once. */
  destroyTransport(): void;
  /** The last call, exactly once. */
  closed(event: ClosedEvent): void;
}
