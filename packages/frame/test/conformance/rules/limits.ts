import { filled, type Payload } from '../payload.ts';
import { ends, goesOn, ping, text, textBegins } from '../peer-frames.ts';
import type { PeerFrame, Rule } from '../rule.ts';

const KiB = 1_024;
const MiB = 1_048_576;

function sizeName(bytes: number): string {
  return bytes >= MiB ? `${bytes / MiB} MiB` : bytes >= KiB ? `${bytes / KiB} KiB` : `${bytes} B`;
}

/** Text that is not ASCII, so that chunks cut its code points; both pieces have 8 bytes. */
function content(opcode: 1 | 2, bytes: number): Payload {
  return opcode === 1 ? filled(bytes, '…text ') : filled(bytes, '8 bytes.');
}

const opcodes = [1, 2] as const;
const kindOf = (opcode: 1 | 2): string => (opcode === 1 ? 'text' : 'binary');
const idOf = (bytes: number): string => sizeName(bytes).replace(' ', '');

const whole = opcodes.flatMap((opcode) =>
  [64 * KiB, 256 * KiB, MiB, 4 * MiB, 8 * MiB, 16 * MiB].map(
    (bytes): Rule => ({
      id: `limits.${kindOf(opcode)}-${idOf(bytes)}`,
      section: '5.2',
      title: `A ${kindOf(opcode)} message of ${sizeName(bytes)} in one frame comes back.`,
      input: [{ opcode, payload: content(opcode, bytes) }],
      output: [{ opcode, payload: content(opcode, bytes) }],
      end: { type: 'open' },
      chunkBytes: [65_536],
    }),
  ),
);

function inFrames(opcode: 1 | 2, bytes: number, frameBytes: number): { frames: PeerFrame[]; payload: Payload } {
  const payload = Buffer.alloc(bytes, opcode === 1 ? 'ASCII text' : 'bytes');
  const frames: PeerFrame[] = [];
  for (let at = 0; at < bytes; at += frameBytes) {
    const fin = at + frameBytes >= bytes;
    frames.push({ opcode: at === 0 ? opcode : 0, payload: payload.subarray(at, at + frameBytes), fin });
  }
  return { frames, payload };
}

const fragmented = opcodes.flatMap((opcode) =>
  (
    [
      [MiB, 64],
      [MiB, 256],
      [4 * MiB, KiB],
      [4 * MiB, 4 * KiB],
      [4 * MiB, 16 * KiB],
      [4 * MiB, 64 * KiB],
      [4 * MiB, 256 * KiB],
      [4 * MiB, MiB],
      [4 * MiB, 4 * MiB],
    ] as const
  ).map(([bytes, frameBytes]): Rule => {
    const message = () => inFrames(opcode, bytes, frameBytes);
    return {
      id: `limits.${kindOf(opcode)}-${idOf(bytes)}-in-frames-of-${idOf(frameBytes)}`,
      section: '5.4',
      title: `A ${kindOf(opcode)} message of ${sizeName(bytes)} in frames of ${sizeName(frameBytes)} comes back.`,
      get input() {
        return message().frames;
      },
      get output() {
        return [{ opcode, payload: message().payload }];
      },
      end: { type: 'open' },
      chunkBytes: [65_536],
    };
  }),
);

const chopped = opcodes.flatMap((opcode) =>
  [64, 128, 256, 512, KiB, 2 * KiB].map(
    (chunkBytes): Rule => ({
      id: `limits.${kindOf(opcode)}-1MiB-in-chops-of-${chunkBytes}`,
      section: '5.2',
      title: `A ${kindOf(opcode)} message of 1 MiB that arrives ${chunkBytes} bytes at a time comes back.`,
      input: [{ opcode, payload: content(opcode, MiB) }],
      output: [{ opcode, payload: content(opcode, MiB) }],
      end: { type: 'open' },
      chunkBytes: [chunkBytes],
    }),
  ),
);

export const limitRules: readonly Rule[] = [
  ...whole,
  ...fragmented,
  ...chopped,
  {
    id: 'limits.autofragmented',
    section: '5.4',
    title: 'A message of 64 KiB in frames of 1,300 bytes comes back.',
    input: inFrames(1, 64 * KiB, 1_300).frames,
    output: [{ opcode: 1, payload: inFrames(1, 64 * KiB, 1_300).payload }],
    end: { type: 'open' },
    chunkBytes: [1_000],
  },
  {
    id: 'limits.max-message',
    section: '10.4',
    title: 'A message as long as maxMessageBytes comes back.',
    limits: { maxMessageBytes: 1_000 },
    input: [text(filled(1_000))],
    output: [{ opcode: 1, payload: filled(1_000) }],
    end: { type: 'open' },
  },
  {
    id: 'limits.above-max-message',
    section: '7.4.1',
    title: 'A message above maxMessageBytes is refused on its header with 1009.',
    limits: { maxMessageBytes: 1_000 },
    input: [text(filled(1_001))],
    output: [],
    end: { type: 'failed', code: 1009, error: 'PAYLOAD_TOO_BIG', at: { frame: 0 } },
  },
  {
    id: 'limits.above-max-message-in-fragments',
    section: '10.4',
    title: 'Frames that are above maxMessageBytes together are refused on the header of the one that is too much.',
    limits: { maxMessageBytes: 1_000 },
    input: [textBegins(filled(500)), goesOn(filled(500)), ends('1')],
    output: [],
    end: { type: 'failed', code: 1009, error: 'PAYLOAD_TOO_BIG', at: { frame: 2 } },
  },
  {
    id: 'limits.control-frames-are-not-counted',
    section: '5.5',
    title: 'Control frames within a message do not count towards its length.',
    limits: { maxMessageBytes: 100 },
    input: [textBegins(filled(50)), ping(filled(125)), ends(filled(50))],
    output: [
      { opcode: 10, payload: filled(125) },
      { opcode: 1, payload: filled(100) },
    ],
    end: { type: 'open' },
  },
  {
    id: 'limits.max-fragments',
    section: '10.4',
    title: 'More frames in one message than maxFragments, empty ones counted, fail the connection with 1008.',
    limits: { maxFragments: 3 },
    input: [textBegins(''), goesOn(''), goesOn(''), ends('')],
    output: [],
    end: { type: 'failed', code: 1008, error: 'TOO_MANY_FRAGMENTS', at: { frame: 3 } },
  },
  {
    id: 'limits.max-control-frames',
    section: '10.4',
    title: 'More pings and pongs than maxControlFrames fail the connection with 1008.',
    limits: { maxControlFrames: 3 },
    input: [ping('1'), ping('2'), ping('3'), ping('4')],
    output: ['1', '2', '3'].map((payload) => ({ opcode: 10, payload })),
    end: { type: 'failed', code: 1008, error: 'TOO_MANY_CONTROL_FRAMES', at: { frame: 3 } },
  },
];
