import { filled, hex } from '../payload.ts';
import { binary, close, ends, ping, text, textBegins } from '../peer-frames.ts';
import type { Rule } from '../rule.ts';

/** 1012–1014 came into the registry after the RFC. */
const validCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const invalidCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const codeRules = [
  ...validCodes.map(
    (code): Rule => ({
      id: `closing.code-${code}`,
      section: code < 3000 ? '7.4.1' : '7.4.2',
      title: `The close code ${code} is valid and answered with itself.`,
      input: [close(code)],
      output: [],
      end: { type: 'closed', code, reason: '' },
    }),
  ),
  ...invalidCodes.map(
    (code): Rule => ({
      id: `closing.code-${code}`,
      section: '7.4.1',
      title: `The close code ${code} must not be on the wire and fails the connection.`,
      input: [close(code)],
      output: [],
      end: { type: 'failed', code: 1002, error: 'BAD_CLOSE_CODE' },
    }),
  ),
];

const ignoredAfterClose = (
  [
    ['close', 'A second Close frame', [close(1001)]],
    ['ping', 'A ping', [ping('late')]],
    ['text', 'A message', [text('late')]],
    ['broken', 'Even a frame that breaks the rules', [{ opcode: 3, rsv: 7 }]],
    ['wrong-mask', 'Even a frame with the wrong masking', [text('late', { wronglyMasked: true })]],
    ['garbage', 'Everything', [binary(filled(70_000)), { opcode: 15 }, close(0)]],
  ] as const
).map(
  ([name, title, frames]): Rule => ({
    id: `closing.then-${name}`,
    section: '5.5.1',
    title: `${title} behind the Close frame is discarded.`,
    input: [close(1000), ...frames],
    output: [],
    end: { type: 'closed', code: 1000, reason: '' },
  }),
);

export const closingRules: readonly Rule[] = [
  {
    id: 'closing.empty',
    section: '5.5.1',
    title: 'An empty Close frame is answered with an empty one.',
    input: [close()],
    output: [],
    end: { type: 'closed', code: null, reason: '' },
  },
  {
    id: 'closing.after-message',
    section: '5.5.1',
    title: 'What is sent in answer to a message leaves before the answer to the Close frame behind it.',
    input: [text('Hello'), close(1000)],
    output: [{ opcode: 1, payload: 'Hello' }],
    end: { type: 'closed', code: 1000, reason: '' },
  },
  {
    id: 'closing.after-ping',
    section: '5.5.2',
    title: 'A ping in front of the Close frame is answered.',
    input: [ping('Hello'), close(1000)],
    output: [{ opcode: 10, payload: 'Hello' }],
    end: { type: 'closed', code: 1000, reason: '' },
  },
  {
    id: 'closing.after-large-message',
    section: '5.5.1',
    title: 'A message of 256 KiB comes back before the Close frame is answered, and the ping behind it is not.',
    input: [text(filled(262_144)), close(1000), ping('late')],
    output: [{ opcode: 1, payload: filled(262_144) }],
    end: { type: 'closed', code: 1000, reason: '' },
    chunkBytes: [10_000],
  },
  {
    id: 'closing.within-message',
    section: '5.4',
    title: 'A Close frame may stand within a message, which then is not delivered.',
    input: [textBegins('half'), close(1000), ends('late')],
    output: [],
    end: { type: 'closed', code: 1000, reason: '' },
  },
  ...ignoredAfterClose,
  {
    id: 'closing.one-byte',
    section: '5.5.1',
    title: 'A Close frame with one byte of payload fails the connection: a code has two.',
    input: [{ opcode: 8, payload: hex('03') }],
    output: [],
    end: { type: 'failed', code: 1002, error: 'BAD_CLOSE_PAYLOAD' },
  },
  {
    id: 'closing.reason',
    section: '5.5.1',
    title: 'A reason is answered with the same reason.',
    input: [close(1000, 'Hello World!')],
    output: [],
    end: { type: 'closed', code: 1000, reason: 'Hello World!' },
  },
  {
    id: 'closing.reason-utf8',
    section: '5.5.1',
    title: 'A reason may have any code point.',
    input: [close(1000, 'κόσμε 😀')],
    output: [],
    end: { type: 'closed', code: 1000, reason: 'κόσμε 😀' },
  },
  {
    id: 'closing.reason-123',
    section: '5.5',
    title: 'A reason of 123 bytes fits.',
    input: [close(1000, filled(123))],
    output: [],
    end: { type: 'closed', code: 1000, reason: filled(123) },
  },
  {
    id: 'closing.reason-124',
    section: '5.5',
    title: 'A reason of 124 bytes makes the control frame too long and fails the connection.',
    input: [close(1000, filled(124))],
    output: [],
    end: { type: 'failed', code: 1002, error: 'CONTROL_TOO_LONG', at: { frame: 0 } },
  },
  ...['ce ba e1 bd b9 ed a0 80', 'ff', 'c0 af', 'f4 90 80 80', 'e2 82'].map(
    (bytes): Rule => ({
      id: `closing.reason-${bytes.replaceAll(' ', '')}`,
      section: '8.1',
      title: `A reason that is not UTF-8 fails the connection (${bytes}).`,
      input: [close(1000, hex(bytes))],
      output: [],
      end: { type: 'failed', code: 1007, error: 'INVALID_UTF8' },
    }),
  ),
  ...codeRules,
];
