import { FrameEncoder, type FrameOutput, type Opcode, platformText, type Role } from '@typewire/frame';
import type { SocketEnd } from './virtual-socket.ts';

/** Writes the frames of one connection to its socket. */
export class FrameWriter implements FrameOutput {
  readonly #end: SocketEnd;
  readonly #encoder: FrameEncoder;

  constructor(role: Role, end: SocketEnd, random: () => number) {
    this.#end = end;
    const maskKey = (): number => (random() * 0x1_0000_0000) | 0;
    this.#encoder = new FrameEncoder(platformText, role === 'client' ? maskKey : null);
  }

  get blocked(): boolean {
    return this.#end.bufferedBytes > 0;
  }

  text(text: string): void {
    const frame = new Uint8Array(this.#encoder.textBytes(text));
    this.#encoder.writeText(frame, 0, text);
    this.#end.write(frame);
  }

  bytes(opcode: Opcode, payload: Uint8Array, compressed = false): void {
    const frame = new Uint8Array(this.#encoder.bytesBytes(payload.length));
    this.#encoder.writeBytes(frame, 0, opcode, payload, compressed);
    this.#end.write(frame);
  }
}
