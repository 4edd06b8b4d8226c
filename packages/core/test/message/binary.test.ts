import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/errors.ts';
import { joinMessage, packValue } from '../../src/message/binary.ts';
import { decodeBinary } from '../../src/message/decode-binary.ts';
import { serverShapes } from '../../src/message/server-shapes.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A message of these parts, whether they make sense or not. */
function binary(header: string | Uint8Array, attachments: readonly number[] = [], headerLength?: number): Uint8Array {
  const text = typeof header === 'string' ? utf8(header) : header;
  const bytes = new Uint8Array(4 + text.length + attachments.length);
  new DataView(bytes.buffer).setUint32(0, headerLength ?? text.length);
  bytes.set(text, 4);
  bytes.set(attachments, 4 + text.length);
  return bytes;
}

const malformed = expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' });

describe('a packed value', () => {
  it('stands behind any head, with its attachments unchanged', () => {
    const attachments = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(93, 93)];
    const packed = packValue(',"naïve []",{"v":1}', attachments);

    const message = decodeBinary(joinMessage('[17,1', packed), serverShapes);

    expect(message).toEqual([17, 1, 'naïve []', { v: 1 }, attachments]);
  });

  it('may be put behind several heads, and is not changed by it', () => {
    const packed = packValue(',0,{}', [Uint8Array.of(7)]);
    const before = packed.slice();

    expect(decodeBinary(joinMessage('[35,1,1,1', packed), serverShapes)).toEqual([
      35,
      1,
      1,
      1,
      0,
      {},
      [Uint8Array.of(7)],
    ]);
    expect(decodeBinary(joinMessage('[35,2,1,1', packed), serverShapes)).toEqual([
      35,
      2,
      1,
      1,
      0,
      {},
      [Uint8Array.of(7)],
    ]);
    expect(packed).toEqual(before);
  });
});

describe('a binary message', () => {
  it('is read from the middle of other memory', () => {
    const message = binary('[[2],[17,1,0,{}]]', [1, 2]);
    const memory = new Uint8Array(message.length + 10);
    memory.set(message, 5);

    expect(decodeBinary(memory.subarray(5, 5 + message.length), serverShapes)).toEqual([
      17,
      1,
      0,
      {},
      [Uint8Array.of(1, 2)],
    ]);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['less than a header length', Uint8Array.of(0, 0, 0)],
    ['a header longer than the message', binary('[[1],[17,1,0,{}]]', [1], 19)],
    ['a header of four gigabytes', binary('[[1],[17,1,0,{}]]', [1], 0xffff_ffff)],
    ['an empty header', binary('')],
    ['a header that is not UTF-8', binary(Uint8Array.of(0x5b, 0xff, 0x5d))],
    ['a header behind a byte order mark', binary('\ufeff[[1],[17,1,0,{}]]', [1])],
    ['a header that is not JSON', binary('[[1],[17,1,0,{}]', [1])],
    ['a header that is no array', binary('{}', [1])],
    ['a message without lengths', binary('[17,1,0,{}]', [1])],
    ['lengths without a message', binary('[[1]]', [1])],
    ['something behind the message', binary('[[1],[17,1,0,{}],0]', [1])],
    ['no attachment', binary('[[],[17,1,0,{}]]')],
    ['more than 1,024 attachments', binary(`[[${Array(1_025).fill(0)}],[17,1,0,{}]]`)],
    ['a negative length', binary('[[-1,2],[17,1,0,{}]]', [1])],
    ['a fraction of a byte', binary('[[0.5,0.5],[17,1,0,{}]]', [1])],
    ['a length of text', binary('[["1"],[17,1,0,{}]]', [1])],
    ['a length beyond all memory', binary('[[9007199254740991],[17,1,0,{}]]', [1])],
    ['lengths above what is there', binary('[[1,1],[17,1,0,{}]]', [1])],
    ['lengths below what is there', binary('[[1],[17,1,0,{}]]', [1, 2])],
    ['an attachment without metadata', binary('[[1],[17,1,0]]', [1])],
    ['an attachment without a value', binary('[[1],[17,1]]', [1])],
    ['an attachment to a message that carries no value', binary('[[1],[9]]', [1])],
    ['an attachment to a cancel', binary('[[1],[19,1]]', [1])],
    ['a field behind the metadata', binary('[[1],[17,1,0,{},0]]', [1])],
    ['a field of the wrong type', binary('[[1],[17,"1",0,{}]]', [1])],
    ['a forbidden key', binary('[[1],[17,1,{"__proto__":1},{}]]', [1])],
    ['a forbidden key in the metadata', binary('[[1],[17,1,0,{"constructor":1}]]', [1])],
    ['a value nested too deep', binary(`[[1],[17,1,${'['.repeat(65)}${']'.repeat(65)},{}]]`, [1])],
  ])('is malformed: %s', (_name, bytes) => {
    expect(() => decodeBinary(bytes, serverShapes)).toThrow(malformed);
  });

  it.each(['[47,1,0,{}]', '[[17,1,0,{}],[17,2,0,{}]]', '[]', '["17",1,0,{}]'])('is of no known type: %s', (message) => {
    expect(() => decodeBinary(binary(`[[1],${message}]`, [1]), serverShapes)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_MESSAGE' }),
    );
  });
});

describe('any bytes', () => {
  const read = (bytes: Uint8Array): void => {
    try {
      decodeBinary(bytes, serverShapes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  };

  it('throw nothing but a ProtocolError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { seed: 20_260_101, numRuns: 2_000 });
  });

  it('throw nothing but a ProtocolError behind a header that is nearly right', () => {
    const valid = binary('[[3,1],[17,1,{"a":[0,1]},{"values":{},"v":1}]]', [1, 2, 3, 4]);
    const change = fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }));
    const property = fc.property(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 8 }),
      (changes, cut) => {
        const bytes = valid.slice(0, valid.length - cut);
        for (const [index, byte] of changes) if (index < bytes.length) bytes[index] = byte;
        read(bytes);
      },
    );
    fc.assert(property, { seed: 20_260_101, numRuns: 5_000 });
  });
});
