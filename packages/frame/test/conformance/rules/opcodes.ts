import { ping, text, textBegins } from '../peer-frames.ts';
import type { PeerFrame, Rule } from '../rule.ts';

const reservedOpcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as const;

const shapes: readonly (readonly [name: string, title: string, frame: (opcode: number) => PeerFrame])[] = [
  ['empty', 'without payload', (opcode) => ({ opcode })],
  ['payload', 'with a payload', (opcode) => ({ opcode, payload: 'reserved' })],
  ['fragment', 'that is not the last of its message', (opcode) => ({ opcode, payload: 'reserved', fin: false })],
];

const alone = reservedOpcodes.flatMap((opcode) =>
  shapes.map(
    ([name, title, frame]): Rule => ({
      id: `opcode.${opcode}-${name}`,
      section: '5.2',
      title: `The reserved opcode ${opcode} on a frame ${title} fails the connection.`,
      input: [text('before'), frame(opcode), ping('after')],
      output: [{ opcode: 1, payload: 'before' }],
      end: { type: 'failed', code: 1002, error: 'UNKNOWN_OPCODE' },
    }),
  ),
);

const withinMessages = reservedOpcodes.map(
  (opcode): Rule => ({
    id: `opcode.${opcode}-within-message`,
    section: '5.2',
    title: `The reserved opcode ${opcode} between the frames of a message fails the connection.`,
    input: [textBegins('half'), { opcode, payload: 'reserved' }, ping('after')],
    output: [],
    end: { type: 'failed', code: 1002, error: 'UNKNOWN_OPCODE' },
  }),
);

export const opcodeRules: readonly Rule[] = [...alone, ...withinMessages];
