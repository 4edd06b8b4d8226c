import { close, ends, goesOn, ping, pong, text, textBegins } from '../peer-frames.ts';
import type { PeerFrame, Rule } from '../rule.ts';

const allBits = [1, 2, 3, 4, 5, 6, 7] as const;

/** The frame that has the bits stands last before a ping, which nobody may answer any more. */
const places: readonly (readonly [name: string, title: string, frames: readonly PeerFrame[]])[] = [
  ['text', 'a text message', [text('reserved')]],
  ['binary', 'a binary message', [{ opcode: 2, payload: 'reserved' }]],
  ['first-fragment', 'the first frame of a message', [textBegins('re')]],
  ['continuation', 'a frame in the middle of a message', [textBegins('re'), goesOn('ser')]],
  ['last-fragment', 'the last frame of a message', [textBegins('re'), ends('served')]],
  ['ping', 'a ping', [ping('reserved')]],
  ['pong', 'a pong', [pong('reserved')]],
  ['close', 'a Close frame', [close(1000)]],
];

function withBits(frames: readonly PeerFrame[], rsv: number): readonly PeerFrame[] {
  return frames.map((frame, index) => (index === frames.length - 1 ? { ...frame, rsv } : frame));
}

const bitsOf = (rsv: number): string =>
  ['RSV1', 'RSV2', 'RSV3'].filter((_, index) => (rsv & (4 >> index)) !== 0).join(' and ');

export const reservedRules: readonly Rule[] = places.flatMap(([name, title, frames]) =>
  allBits.map(
    (rsv): Rule => ({
      id: `reserved.${name}-${rsv}`,
      section: '5.2',
      title: `${bitsOf(rsv)} on ${title} fails the connection where no extension gives it a meaning.`,
      input: [text('before'), ...withBits(frames, rsv), ping('after')],
      output: [{ opcode: 1, payload: 'before' }],
      end: { type: 'failed', code: 1002, error: 'RESERVED_BIT', at: { frame: frames.length } },
    }),
  ),
);
