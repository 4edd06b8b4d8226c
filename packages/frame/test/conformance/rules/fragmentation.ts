import { hex } from '../payload.ts';
import { binary, binaryBegins, ends, goesOn, ping, pong, text, textBegins } from '../peer-frames.ts';
import type { PeerFrame, Rule } from '../rule.ts';

const nothingToContinue = (
  [
    ['last', 'A last frame of a message', [ends('nothing')]],
    ['middle', 'A further frame of a message', [goesOn('nothing')]],
    ['empty', 'An empty last frame of a message', [ends('')]],
    ['after-ping', 'A continuation after a ping', [ping('a'), ends('nothing')]],
  ] as const
).map(
  ([name, title, frames]): Rule => ({
    id: `fragmentation.nothing-to-continue-${name}`,
    section: '5.4',
    title: `${title} fails the connection when there is none to continue.`,
    input: [...frames, text('after')],
    output: frames.length === 2 ? [{ opcode: 10, payload: 'a' }] : [],
    end: { type: 'failed', code: 1002, error: 'UNEXPECTED_CONTINUATION', at: { frame: frames.length - 1 } },
  }),
);

const interruptions: readonly Rule[] = (
  [
    ['text-by-text', textBegins('one'), text('two')],
    ['text-by-binary', textBegins('one'), binary('two')],
    ['binary-by-text', binaryBegins('one'), text('two')],
    ['binary-by-binary', binaryBegins('one'), binary('two')],
    ['text-by-fragment', textBegins('one'), textBegins('two')],
    ['binary-by-fragment', binaryBegins('one'), binaryBegins('two')],
  ] as const
).map(([name, first, second]) => ({
  id: `fragmentation.interrupted-${name}`,
  section: '5.4',
  title: `A new message before the last one is complete fails the connection (${name.replaceAll('-', ' ')}).`,
  input: [first, second, ends('')],
  output: [],
  end: { type: 'failed', code: 1002, error: 'MESSAGE_INTERRUPTED', at: { frame: 1 } },
}));

const controlInFragments: readonly Rule[] = (
  [
    ['ping', 9],
    ['pong', 10],
    ['close', 8],
  ] as const
).flatMap(([name, opcode]) => [
  {
    id: `fragmentation.control-${name}`,
    section: '5.5',
    title: `A ${name} in fragments fails the connection.`,
    input: [{ opcode, payload: 'frag', fin: false }, ends('ment')],
    output: [],
    end: { type: 'failed', code: 1002, error: 'FRAGMENTED_CONTROL', at: { frame: 0 } },
  },
  {
    id: `fragmentation.control-${name}-within-message`,
    section: '5.5',
    title: `A ${name} in fragments within a message fails the connection.`,
    input: [textBegins('half'), { opcode, payload: 'frag', fin: false }, ends('ment')],
    output: [],
    end: { type: 'failed', code: 1002, error: 'FRAGMENTED_CONTROL', at: { frame: 1 } },
  },
]);

/** A message in three frames with a ping or a pong in front of, between and behind them, in every combination. */
const controlBetween: readonly Rule[] = Array.from({ length: 15 }, (_, index) => index + 1).map((places) => {
  const frames = [textBegins('one '), goesOn('two '), ends('three')];
  const input: PeerFrame[] = [];
  const pongs: string[] = [];
  for (let at = 0; at <= frames.length; at++) {
    if ((places & (1 << at)) !== 0) {
      input.push(ping(`ping ${at}`), pong(`pong ${at}`));
      pongs.push(`ping ${at}`);
    }
    if (frames[at] !== undefined) input.push(frames[at] as PeerFrame);
  }
  const before = pongs.filter((payload) => payload !== 'ping 3').map((payload) => ({ opcode: 10, payload }));
  const after = pongs.includes('ping 3') ? [{ opcode: 10, payload: 'ping 3' }] : [];
  const where = ['in front', 'behind the first frame', 'behind the second', 'behind the last'];
  return {
    id: `fragmentation.control-between-${places.toString(2).padStart(4, '0')}`,
    section: '5.4',
    title: `Pings and pongs among the frames of a message are answered at once and do not disturb it (${where
      .filter((_, at) => (places & (1 << at)) !== 0)
      .join(', ')}).`,
    input,
    output: [...before, { opcode: 1, payload: 'one two three' }, ...after],
    end: { type: 'open' },
  };
});

const inPieces = (
  [
    ['two', ['frag', 'ments']],
    ['five', ['f', 'r', 'a', 'g', 'ments']],
    ['empty-first', ['', 'fragments']],
    ['empty-last', ['fragments', '']],
    ['empty-middle', ['frag', '', 'ments']],
    ['all-empty', ['', '', '', '']],
    ['half-code-points', [hex('e2'), hex('82'), hex('ac f0 9f'), hex('98 80')]],
  ] as const
).flatMap(([name, pieces]): Rule[] =>
  ([1, 2] as const).map((opcode) => ({
    id: `fragmentation.${opcode === 1 ? 'text' : 'binary'}-in-${name}`,
    section: '5.4',
    title: `The frames of a ${opcode === 1 ? 'text' : 'binary'} message are joined (${name.replaceAll('-', ' ')}).`,
    input: pieces.map((payload, index) => ({
      opcode: index === 0 ? opcode : 0,
      payload,
      fin: index === pieces.length - 1,
    })),
    output: [{ opcode, payload: Buffer.concat(pieces.map((piece) => Buffer.from(piece))) }],
    end: { type: 'open' },
  })),
);

export const fragmentationRules: readonly Rule[] = [
  ...inPieces,
  ...controlBetween,
  ...controlInFragments,
  ...nothingToContinue,
  ...interruptions,
  {
    id: 'fragmentation.message-after-message',
    section: '5.4',
    title: 'After the last frame of a message the next one may begin.',
    input: [textBegins('a'), ends('b'), binaryBegins('c'), ends('d'), text('e')],
    output: [
      { opcode: 1, payload: 'ab' },
      { opcode: 2, payload: 'cd' },
      { opcode: 1, payload: 'e' },
    ],
    end: { type: 'open' },
  },
  {
    id: 'fragmentation.late-continuation',
    section: '5.4',
    title: 'A continuation behind the last frame of a message fails the connection; the message was delivered.',
    input: [textBegins('a'), ends('b'), goesOn('c'), text('after')],
    output: [{ opcode: 1, payload: 'ab' }],
    end: { type: 'failed', code: 1002, error: 'UNEXPECTED_CONTINUATION', at: { frame: 2 } },
  },
];
