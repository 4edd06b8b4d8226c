import { filled, hex, type Payload } from '../payload.ts';
import { binary, text } from '../peer-frames.ts';
import type { Rule } from '../rule.ts';

const sizes = [0, 1, 125, 126, 127, 128, 65_535, 65_536] as const;

const ofEachLength = sizes.flatMap((bytes): Rule[] => [
  {
    id: `framing.text-${bytes}`,
    section: bytes < 126 ? '5.6' : '5.2',
    title: `A text message of ${bytes} bytes is read and comes back as it was.`,
    input: [text(filled(bytes))],
    output: [{ opcode: 1, payload: filled(bytes) }],
    end: { type: 'open' },
    ...(bytes > 60_000 ? { chunkBytes: [1, 997] } : {}),
  },
  {
    id: `framing.binary-${bytes}`,
    section: bytes < 126 ? '5.6' : '5.2',
    title: `A binary message of ${bytes} bytes is read and comes back as it was.`,
    input: [binary(allBytes(bytes))],
    output: [{ opcode: 2, payload: allBytes(bytes) }],
    end: { type: 'open' },
    ...(bytes > 60_000 ? { chunkBytes: [1, 997] } : {}),
  },
]);

function allBytes(bytes: number): Payload {
  return Uint8Array.from({ length: bytes }, (_, at) => (at * 7) & 0xff);
}

const inTooManyBytes = (
  [
    [0, 2],
    [125, 2],
    [0, 8],
    [125, 8],
    [126, 8],
    [65_535, 8],
  ] as const
).map(
  ([bytes, lengthBytes]): Rule => ({
    id: `framing.length-${bytes}-in-${lengthBytes}-bytes`,
    section: '5.2',
    title: `A length of ${bytes} must not be written in ${lengthBytes} bytes of its own: the least that fits is demanded.`,
    input: [binary(filled(bytes), { lengthBytes })],
    output: [],
    end: { type: 'failed', code: 1002, error: 'NON_MINIMAL_LENGTH', at: { frame: 0 } },
  }),
);

const tooLong = (
  [
    ['2^31', 2n ** 31n],
    ['2^32', 2n ** 32n],
    ['2^53 - 1', 2n ** 53n - 1n],
    ['2^53', 2n ** 53n],
    ['2^63 - 1', 2n ** 63n - 1n],
    ['2^63', 2n ** 63n],
    ['2^64 - 1', 2n ** 64n - 1n],
  ] as const
).map(
  ([name, announcedBytes]): Rule => ({
    id: `framing.length-${name.replaceAll(' ', '')}`,
    section: '5.2',
    title: `A length of ${name} is refused on the header.`,
    input: [binary('', { announcedBytes })],
    output: [],
    end: { type: 'failed', code: 1009, error: 'PAYLOAD_TOO_BIG', at: { frame: 0 } },
  }),
);

const masking: readonly Rule[] = [
  {
    id: 'masking.missing',
    section: '5.1',
    title: 'A server fails the connection when a frame of a client is not masked.',
    roles: ['server'],
    input: [text('Hello', { wronglyMasked: true })],
    output: [],
    end: { type: 'failed', code: 1002, error: 'MASK_MISSING', at: { frame: 0 } },
  },
  {
    id: 'masking.missing-control',
    section: '5.1',
    title: 'A ping that is not masked is answered by no server.',
    roles: ['server'],
    input: [{ opcode: 9, payload: 'Hello', wronglyMasked: true }],
    output: [],
    end: { type: 'failed', code: 1002, error: 'MASK_MISSING', at: { frame: 0 } },
  },
  {
    id: 'masking.forbidden',
    section: '5.1',
    title: 'A client fails the connection when a frame of a server is masked.',
    roles: ['client'],
    input: [text('Hello', { wronglyMasked: true })],
    output: [],
    end: { type: 'failed', code: 1002, error: 'MASK_FORBIDDEN', at: { frame: 0 } },
  },
  ...[0, 0xffffffff, 0x80000000, 0x37fa213d].map(
    (maskKey): Rule => ({
      id: `masking.key-${maskKey.toString(16).padStart(8, '0')}`,
      section: '5.3',
      title: `A masking key of ${maskKey.toString(16).padStart(8, '0')} is as good as any other.`,
      roles: ['server'],
      input: [
        text('Hello', { maskKey }),
        binary(hex('00 ff 80 7f 00'), { maskKey }),
        text(filled(200, 'é'), { maskKey }),
      ],
      output: [
        { opcode: 1, payload: 'Hello' },
        { opcode: 2, payload: hex('00 ff 80 7f 00') },
        { opcode: 1, payload: filled(200, 'é') },
      ],
      end: { type: 'open' },
    }),
  ),
];

export const framingRules: readonly Rule[] = [...ofEachLength, ...inTooManyBytes, ...tooLong, ...masking];
