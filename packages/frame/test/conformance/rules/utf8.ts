import { filled, hex } from '../payload.ts';
import { binary, ends, goesOn, text, textBegins } from '../peer-frames.ts';
import type { Rule } from '../rule.ts';

/** The first and last sequences of each length, the borders of what is left out, and other code points of interest. */
const valid: readonly (readonly [bytes: string, what: string])[] = [
  ['68 65 6c 6c 6f 24', 'ASCII'],
  ['c2 a2', 'two bytes'],
  ['e2 82 ac', 'three bytes'],
  ['f0 a4 ad a2', 'four bytes'],
  ['ce ba e1 bd b9 cf 83 ce bc ce b5', 'Greek'],
  ['00', 'the first of one byte'],
  ['c2 80', 'the first of two bytes'],
  ['e0 a0 80', 'the first of three bytes'],
  ['f0 90 80 80', 'the first of four bytes'],
  ['7f', 'the last of one byte'],
  ['df bf', 'the last of two bytes'],
  ['ef bf bf', 'the last of three bytes'],
  ['f4 8f bf bf', 'the last of four bytes, U+10FFFF'],
  ['ed 9f bf', 'the last before the surrogates'],
  ['ee 80 80', 'the first behind the surrogates'],
  ['ef bf bd', 'the replacement character'],
  ['ef bb bf 61', 'a byte order mark, which is kept'],
  ['ef bf be', 'the noncharacter U+FFFE'],
  ...[0x1, 0x2, 0x3, 0x4, 0x7, 0x8, 0xb, 0xc, 0xf, 0x10].flatMap((plane) =>
    [0xfffe, 0xffff].map((low): readonly [string, string] => {
      const codePoint = plane * 0x10000 + low;
      return [
        Buffer.from(String.fromCodePoint(codePoint)).toString('hex'),
        `the noncharacter U+${codePoint.toString(16).toUpperCase()}`,
      ];
    }),
  ),
  ['ef bf b9', 'U+FFF9'],
  ['ef bf ba', 'U+FFFA'],
  ['ef bf bb', 'U+FFFB'],
  ['ef bf bc', 'U+FFFC'],
];

/** Wrong sequences; the byte in brackets is the first that cannot be right, without one the end of the message is. */
const invalid: readonly (readonly [bytes: string, what: string])[] = [
  ['[f8] 88 80 80 80', 'five bytes, the first of them'],
  ['[fc] 84 80 80 80 80', 'six bytes, the first of them'],
  ['[f7] bf bf bf', 'four bytes, above all planes'],
  ['[fb] bf bf bf bf', 'five bytes, the last of them'],
  ['[fd] bf bf bf bf bf', 'six bytes, the last of them'],
  ['f4 [90] 80 80', 'U+110000, the first above all planes'],
  ['[f5] 80 80 80', 'U+140000'],
  ['[80]', 'a continuation byte alone, the first'],
  ['[bf]', 'a continuation byte alone, the last'],
  ['[80] bf', 'two continuation bytes'],
  ['[80] bf 80', 'three continuation bytes'],
  ['[80] bf 80 bf', 'four continuation bytes'],
  ['[80] bf 80 bf 80', 'five continuation bytes'],
  ['[80] bf 80 bf 80 bf', 'six continuation bytes'],
  [`[80]${hexRange(0x81, 0xbf)}`, 'all continuation bytes'],
  ['c2 [20]', 'the lead of two bytes and a blank'],
  ['df [20]', 'the last lead of two bytes and a blank'],
  ['e0 [20]', 'the lead of three bytes and a blank'],
  ['ef [20]', 'the last lead of three bytes and a blank'],
  ['f0 [20]', 'the lead of four bytes and a blank'],
  ['f4 [20]', 'the last lead of four bytes and a blank'],
  [`[c0] 20 ${leadsAndBlanks(0xc1, 0xdf)}`, 'all leads of two bytes, each with a blank'],
  [`e0 [20] ${leadsAndBlanks(0xe1, 0xef)}`, 'all leads of three bytes, each with a blank'],
  [`f0 [20] ${leadsAndBlanks(0xf1, 0xf7)}`, 'all leads of four bytes, each with a blank'],
  [`[f8] 20 ${leadsAndBlanks(0xf9, 0xfb)}`, 'all leads of five bytes, each with a blank'],
  ['[fc] 20 fd 20', 'all leads of six bytes, each with a blank'],
  ['c2', 'the lead of two bytes alone'],
  ['df', 'the last lead of two bytes alone'],
  ['e0 a0', 'two of three bytes'],
  ['ef bf', 'the last two of three bytes'],
  ['f0 90 80', 'three of four bytes'],
  ['f4 8f bf', 'the last three of four bytes'],
  ['ce ba e1 bd', 'Greek that is cut off'],
  ['[c0]', 'the lead of an overlong sequence alone'],
  ['e0 [80]', 'the beginning of three overlong bytes'],
  ['f0 [80] 80', 'the beginning of four overlong bytes'],
  ['[f8] 80 80 80', 'four of five bytes'],
  ['[fc] 80 80 80 80', 'five of six bytes'],
  ['[f7] bf bf', 'three bytes above all planes'],
  ['df [ef] bf', 'two sequences that are cut off'],
  ['ef bf [f4] 8f bf', 'two longer sequences that are cut off'],
  ['[fe]', 'a byte that never occurs, fe'],
  ['[ff]', 'a byte that never occurs, ff'],
  ['[fe] fe ff ff', 'bytes that never occur'],
  ['[c0] af', 'an overlong slash in two bytes'],
  ['e0 [80] af', 'an overlong slash in three bytes'],
  ['f0 [80] 80 af', 'an overlong slash in four bytes'],
  ['[f8] 80 80 80 af', 'an overlong slash in five bytes'],
  ['[fc] 80 80 80 80 af', 'an overlong slash in six bytes'],
  ['[c1] bf', 'the last overlong sequence of two bytes'],
  ['e0 [9f] bf', 'the last overlong sequence of three bytes'],
  ['f0 [8f] bf bf', 'the last overlong sequence of four bytes'],
  ['[f8] 87 bf bf bf', 'the last overlong sequence of five bytes'],
  ['[fc] 83 bf bf bf bf', 'the last overlong sequence of six bytes'],
  ['[c0] 80', 'an overlong NUL in two bytes'],
  ['e0 [80] 80', 'an overlong NUL in three bytes'],
  ['f0 [80] 80 80', 'an overlong NUL in four bytes'],
  ['[f8] 80 80 80 80', 'an overlong NUL in five bytes'],
  ['[fc] 80 80 80 80 80', 'an overlong NUL in six bytes'],
  ['ed [a0] 80', 'the first surrogate, U+D800'],
  ['ed [ad] bf', 'the surrogate U+DB7F'],
  ['ed [ae] 80', 'the surrogate U+DB80'],
  ['ed [af] bf', 'the last high surrogate, U+DBFF'],
  ['ed [b0] 80', 'the first low surrogate, U+DC00'],
  ['ed [be] 80', 'the surrogate U+DF80'],
  ['ed [bf] bf', 'the last surrogate, U+DFFF'],
  ['ed [a0] 80 ed b0 80', 'a pair of surrogates, the first'],
  ['ed [a0] 80 ed bf bf', 'a pair of surrogates, the first high and the last low one'],
  ['ed [ad] bf ed b0 80', 'a pair of surrogates with U+DB7F'],
  ['ed [ad] bf ed bf bf', 'a pair of surrogates with U+DB7F and U+DFFF'],
  ['ed [ae] 80 ed b0 80', 'a pair of surrogates with U+DB80'],
  ['ed [ae] 80 ed bf bf', 'a pair of surrogates with U+DB80 and U+DFFF'],
  ['ed [af] bf ed b0 80', 'a pair of surrogates, the last high and the first low one'],
  ['ed [af] bf ed bf bf', 'a pair of surrogates, the last'],
];

function hexRange(first: number, last: number): string {
  return Buffer.from(Array.from({ length: last - first + 1 }, (_, index) => first + index)).toString('hex');
}

function leadsAndBlanks(first: number, last: number): string {
  return hexRange(first, last).replace(/../g, '$& 20 ');
}

const validRules = valid.map(
  ([bytes, what], index): Rule => ({
    id: `utf8.valid-${index + 1}`,
    section: '8.1',
    title: `Text may contain ${what} (${bytes}).`,
    input: [text(hex(bytes))],
    output: [{ opcode: 1, payload: hex(bytes) }],
    end: { type: 'open' },
  }),
);

/** Behind a valid beginning, which makes the message long enough to be checked in bulk where `prefix` is long. */
function refused(id: string, title: string, bytes: string, prefix: string): Rule {
  const digits = bytes.replaceAll(' ', '');
  const wrongAt = digits.indexOf('[');
  const sequence = hex(digits.replace(/[[\]]/g, ''));
  const payload = Buffer.concat([Buffer.from(prefix), sequence, Buffer.from(wrongAt === -1 ? '' : 'edited')]);
  const wrongByte = wrongAt === -1 ? payload.length - 1 : Buffer.byteLength(prefix) + wrongAt / 2;
  return {
    id,
    section: '8.1',
    title,
    input: [text(payload)],
    output: [],
    end: { type: 'failed', code: 1007, error: 'INVALID_UTF8', at: { frame: 0, payloadByte: wrongByte } },
  };
}

const invalidRules = invalid.flatMap(([bytes, what], index): Rule[] => [
  refused(
    `utf8.invalid-${index + 1}`,
    `Text fails the connection at the first byte that cannot be right: ${what} (${bytes}).`,
    bytes,
    '',
  ),
  refused(
    `utf8.invalid-${index + 1}-in-long-text`,
    `The same within a long text: ${what}.`,
    bytes,
    `κόσμε ${'a long beginning, most of it ASCII. '.repeat(5)}`,
  ),
]);

const failFast: readonly Rule[] = [
  {
    id: 'utf8.fail-fast-fragment',
    section: '8.1',
    title: 'Wrong text fails the connection in the frame that has the wrong byte, not with the last one.',
    input: [textBegins(hex('ce ba e1 bd b9 cf 83 ce bc ce b5')), goesOn(hex('f4 90 80 80')), ends('edited')],
    output: [],
    end: { type: 'failed', code: 1007, error: 'INVALID_UTF8', at: { frame: 1, payloadByte: 1 } },
  },
  {
    id: 'utf8.fail-fast-code-point-in-two-fragments',
    section: '8.1',
    title: 'A code point that goes wrong in the next frame fails the connection there.',
    input: [textBegins(hex('ce ba ed')), goesOn(hex('a0 80')), ends('edited')],
    output: [],
    end: { type: 'failed', code: 1007, error: 'INVALID_UTF8', at: { frame: 1, payloadByte: 0 } },
  },
  {
    id: 'utf8.fail-fast-ascii-after-half',
    section: '8.1',
    title: 'ASCII behind half a code point of the frame before fails the connection.',
    input: [textBegins(hex('e2 82')), ends(filled(100, 'a'))],
    output: [],
    end: { type: 'failed', code: 1007, error: 'INVALID_UTF8', at: { frame: 1, payloadByte: 0 } },
  },
  {
    id: 'utf8.incomplete-at-the-end',
    section: '8.1',
    title: 'A code point that is not complete with the last frame fails the connection.',
    input: [textBegins(hex('e2 82')), goesOn(''), ends('')],
    output: [],
    end: { type: 'failed', code: 1007, error: 'INVALID_UTF8', at: { frame: 2 } },
  },
  {
    id: 'utf8.incomplete-is-fine-between-frames',
    section: '5.6',
    title: 'A code point may be cut by the border of a frame at each of its bytes.',
    input: [textBegins(hex('f0')), goesOn(hex('9f')), goesOn(''), goesOn(hex('98')), ends(hex('80'))],
    output: [{ opcode: 1, payload: '😀' }],
    end: { type: 'open' },
  },
  {
    id: 'utf8.binary-is-not-checked',
    section: '5.6',
    title: 'Bytes that are not UTF-8 may stand in a binary message.',
    input: [binary(hex('c0 af ff fe ed a0 80')), binary(filled(80, '\u00ff'))],
    output: [
      { opcode: 2, payload: hex('c0 af ff fe ed a0 80') },
      { opcode: 2, payload: filled(80, '\u00ff') },
    ],
    end: { type: 'open' },
  },
  {
    id: 'utf8.nothing-is-left-over',
    section: '8.1',
    title: 'Each message is checked for itself: nothing of the last one is left over.',
    input: [text('é'), textBegins(hex('c3')), ends(hex('a9')), text('plain'), text('é')],
    output: ['é', 'é', 'plain', 'é'].map((payload) => ({ opcode: 1, payload })),
    end: { type: 'open' },
  },
];

export const utf8Rules: readonly Rule[] = [...validRules, ...invalidRules, ...failFast];
