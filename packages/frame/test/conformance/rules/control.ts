import { filled, hex } from '../payload.ts';
import { ping, pong, text } from '../peer-frames.ts';
import type { Rule } from '../rule.ts';

const tooLong = (
  [
    ['ping', 9],
    ['pong', 10],
    ['close', 8],
  ] as const
).flatMap(([name, opcode]) =>
  [126, 127, 65_536].map(
    (bytes): Rule => ({
      id: `control.${name}-${bytes}`,
      section: '5.5',
      title: `A ${name} of ${bytes} bytes fails the connection: control frames carry at most 125.`,
      input: [{ opcode, payload: filled(bytes) }],
      output: [],
      end: { type: 'failed', code: 1002, error: 'CONTROL_TOO_LONG', at: { frame: 0 } },
    }),
  ),
);

const tenPings = Array.from({ length: 10 }, (_, index) => `payload-${index}`);

export const controlRules: readonly Rule[] = [
  {
    id: 'control.ping-empty',
    section: '5.5.2',
    title: 'A ping without payload is answered with a pong without payload.',
    input: [ping()],
    output: [{ opcode: 10, payload: '' }],
    end: { type: 'open' },
  },
  {
    id: 'control.ping-text',
    section: '5.5.3',
    title: 'A pong carries the payload of the ping it answers.',
    input: [ping('Hello, world!')],
    output: [{ opcode: 10, payload: 'Hello, world!' }],
    end: { type: 'open' },
  },
  {
    id: 'control.ping-bytes',
    section: '5.5.3',
    title: 'The payload of a ping need not be text.',
    input: [ping(hex('00 ff fe fd fc fb 00 ff'))],
    output: [{ opcode: 10, payload: hex('00 ff fe fd fc fb 00 ff') }],
    end: { type: 'open' },
  },
  {
    id: 'control.ping-125',
    section: '5.5',
    title: 'A ping of 125 bytes is answered.',
    input: [ping(filled(125, 'p'))],
    output: [{ opcode: 10, payload: filled(125, 'p') }],
    end: { type: 'open' },
  },
  ...tooLong,
  {
    id: 'control.pong-empty',
    section: '5.5.3',
    title: 'A pong that answers nothing is ignored.',
    input: [pong()],
    output: [],
    end: { type: 'open' },
  },
  {
    id: 'control.pong-unsolicited',
    section: '5.5.3',
    title: 'A pong that answers nothing and carries a payload is ignored.',
    input: [pong('unsolicited')],
    output: [],
    end: { type: 'open' },
  },
  {
    id: 'control.pong-then-ping',
    section: '5.5.3',
    title: 'A pong that answers nothing does not stand for the pong that is owed.',
    input: [pong('unsolicited'), ping('a question')],
    output: [{ opcode: 10, payload: 'a question' }],
    end: { type: 'open' },
  },
  {
    id: 'control.ten-pings',
    section: '5.5.2',
    title: 'Ten pings in a row are answered one by one and in order by an endpoint whose peer reads.',
    input: tenPings.map((payload) => ping(payload)),
    output: tenPings.map((payload) => ({ opcode: 10, payload })),
    end: { type: 'open' },
  },
  {
    id: 'control.order',
    section: '5.5.2',
    title: 'A pong leaves before what is sent in answer to later messages, and after that to earlier ones.',
    input: [text('one'), ping('a'), text('two'), ping('b'), text('three')],
    output: [
      { opcode: 1, payload: 'one' },
      { opcode: 10, payload: 'a' },
      { opcode: 1, payload: 'two' },
      { opcode: 10, payload: 'b' },
      { opcode: 1, payload: 'three' },
    ],
    end: { type: 'open' },
  },
];
