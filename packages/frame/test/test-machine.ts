import { ConnectionMachine } from '../src/connection.ts';
import {
  type ClosedEvent,
  type ConnectionLimits,
  type ConnectionSink,
  connectionLimits,
  type FrameOutput,
  portableEnvironment,
  type Role,
} from '../src/connection-options.ts';
import { DeflatingOutput } from '../src/deflate/deflating-output.ts';
import type { MessageDeflate } from '../src/deflate/message-deflate.ts';
import { FrameEncoder } from '../src/encoder.ts';
import { Opcode } from '../src/opcode.ts';
import { platformText } from '../src/text-ops.ts';
import { concat, toHex, utf8 } from './bytes.ts';
import { frame } from './frames.ts';

/** What a machine did, in order, in words a test can compare. */
export type Happening =
  | readonly ['text' | 'binary' | 'ping' | 'pong', string]
  | readonly ['send', 'text' | 'binary' | 'ping' | 'pong' | 'close', string]
  | readonly ['end']
  | readonly ['held', boolean]
  | readonly ['destroy']
  | readonly ['closed', ClosedEvent];

const names = new Map<Opcode, 'text' | 'binary' | 'ping' | 'pong' | 'close'>([
  [Opcode.Text, 'text'],
  [Opcode.Binary, 'binary'],
  [Opcode.Ping, 'ping'],
  [Opcode.Pong, 'pong'],
  [Opcode.Close, 'close'],
]);

/** A machine with a clock moved by hand; it notes everything it does. */
export class TestMachine implements ConnectionSink {
  readonly machine: ConnectionMachine;
  readonly happenings: Happening[] = [];
  /** Bytes on their way to the peer. */
  outgoing: Uint8Array = new Uint8Array(0);
  /** Whether our side of the transport has ended. */
  ended = false;
  blocked = false;
  nowMs = 0;
  /** Called with each message, to act in the middle of things. */
  onMessage: () => void = () => {};
  readonly #role: Role;
  readonly #encoder: FrameEncoder;

  constructor(role: Role, limits: Partial<ConnectionLimits> = {}, deflate: MessageDeflate | null = null) {
    this.#role = role;
    this.#encoder = new FrameEncoder(platformText, role === 'client' ? () => 0x1a2b3c4d : null);
    const environment = portableEnvironment(() => this.nowMs);
    const allLimits = { ...connectionLimits, ...limits };
    const output = deflate === null ? this.#output() : this.#deflating(deflate);
    this.machine = new ConnectionMachine(role, allLimits, environment, output, this, deflate);
  }

  /** Everything since the last call. */
  news(): Happening[] {
    return this.happenings.splice(0);
  }

  /** Feeds a frame as the peer would send it, correctly masked for the role. */
  receive(opcode: Opcode, payload: string | Uint8Array = '', fin = true, rsv = 0): void {
    this.machine.receive(this.peerFrame(opcode, payload, fin, rsv));
  }

  peerFrame(opcode: Opcode, payload: string | Uint8Array = '', fin = true, rsv = 0): Uint8Array {
    const bytes = typeof payload === 'string' ? utf8(payload) : payload;
    return frame({ opcode, fin, rsv, payload: bytes, ...(this.#role === 'server' ? { maskKey: 0x01020304 } : {}) });
  }

  /** Moves the clock, and calls `tick` if a deadline has passed. */
  advance(byMs: number): void {
    this.nowMs += byMs;
    if (this.machine.deadlineMs <= this.nowMs) this.machine.tick();
  }

  text(data: string): void {
    this.happenings.push(['text', data]);
    this.onMessage();
  }

  binary(data: Uint8Array): void {
    this.happenings.push(['binary', toHex(data)]);
    this.onMessage();
  }

  ping(payload: Uint8Array): void {
    this.happenings.push(['ping', toHex(payload)]);
  }

  pong(payload: Uint8Array): void {
    this.happenings.push(['pong', toHex(payload)]);
  }

  inputHeld(held: boolean): void {
    this.happenings.push(['held', held]);
  }

  endTransport(): void {
    this.happenings.push(['end']);
    this.ended = true;
  }

  destroyTransport(): void {
    this.happenings.push(['destroy']);
    this.ended = true;
  }

  closed(event: ClosedEvent): void {
    this.happenings.push(['closed', event]);
    this.ended = true;
  }

  #deflating(deflate: MessageDeflate): FrameOutput {
    return new DeflatingOutput(this.#output(), {
      deflate,
      text: platformText,
      allocate: (bytes) => new Uint8Array(bytes),
      onIdle: () => {},
      onFailure: (cause) => {
        throw cause;
      },
    });
  }

  #output(): FrameOutput {
    const isBlocked = (): boolean => this.blocked;
    return {
      text: (text) => this.#send(Opcode.Text, utf8(text)),
      bytes: (opcode, payload, compressed = false) => this.#send(opcode, payload, compressed),
      get blocked() {
        return isBlocked();
      },
    };
  }

  #send(opcode: Opcode, payload: Uint8Array, compressed = false): void {
    this.happenings.push(['send', names.get(opcode) ?? 'binary', toHex(payload)]);
    const target = new Uint8Array(this.#encoder.bytesBytes(payload.length));
    this.#encoder.writeBytes(target, 0, opcode, payload, compressed);
    this.outgoing = concat(this.outgoing, target);
  }
}
