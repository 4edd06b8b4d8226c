import { describe, expect, it } from 'vitest';
import { encodeResult } from '../../src/message/encode.ts';
import { isSafeMetadata } from '../../src/message/metadata.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { encodeText, encodeValue } from '../../src/message/value.ts';
import { encodeNow, readBack, roundTrip } from '../support/round-trip.ts';

const serializer = createSuperjsonSerializer();

describe('bytes arrive as themselves', () => {
  it.each<[string, object]>([
    ['Int8Array', Int8Array.of(-128, 127)],
    ['Uint8Array', Uint8Array.of(0, 255)],
    ['Uint8ClampedArray', Uint8ClampedArray.of(0, 255)],
    ['Int16Array', Int16Array.of(-32_768, 32_767)],
    ['Uint16Array', Uint16Array.of(0, 65_535)],
    ['Int32Array', Int32Array.of(-2_147_483_648, 2_147_483_647)],
    ['Uint32Array', Uint32Array.of(0, 4_294_967_295)],
    ['BigInt64Array', BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
    ['BigUint64Array', BigUint64Array.of(0n, 2n ** 64n - 1n)],
    ['Float32Array', Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY)],
    ['Float64Array', Float64Array.of(1e-300, -0, Number.NaN, Number.NEGATIVE_INFINITY)],
    ['ArrayBuffer', Uint8Array.of(1, 2, 3).buffer],
    ['DataView', new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
    ['a Uint8Array with nothing in it', new Uint8Array(0)],
    ['a part of other memory', new Float64Array([1, 2, 3, 4]).subarray(1, 3)],
  ])('%s', (_name, value) => {
    const arrived = roundTrip({ deep: [value] }, serializer) as { deep: [object] };

    expect(arrived.deep[0]).toEqual(value);
    expect(arrived.deep[0].constructor).toBe(value.constructor);
  });

  it("as a Uint8Array when they were Node's Buffer, without what lies around them", () => {
    const arrived = roundTrip(Buffer.from('some text').subarray(5), serializer) as Uint8Array;

    expect(arrived.constructor).toBe(Uint8Array);
    expect(arrived).toEqual(new Uint8Array(Buffer.from('text')));
    expect(arrived.buffer.byteLength).toBe(4);
  });

  it('in Maps, Sets and Errors, beside everything else', () => {
    const value = {
      map: new Map<unknown, unknown>([[Uint8Array.of(1), Uint8Array.of(2)]]),
      set: new Set([Uint8Array.of(3), 4n]),
      error: new Error('torn', { cause: Uint8Array.of(5) }),
      at: new Date(0),
    };

    const arrived = roundTrip(value, serializer) as typeof value;

    expect(arrived).toMatchObject({ map: value.map, set: value.set, at: value.at });
    expect(arrived.error.cause).toEqual(Uint8Array.of(5));
  });

  it('twice when they stand in a value twice, in an object that does as well', () => {
    const bytes = Uint8Array.of(1);
    const held = { bytes };
    const arrived = roundTrip([bytes, held, held, bytes], serializer) as unknown[];

    expect(arrived).toEqual([bytes, held, held, bytes]);
    expect(arrived[0]).not.toBe(arrived[3]);
    expect(arrived[1]).not.toBe(arrived[2]);
  });
});

describe('bytes that arrived', () => {
  it('share no memory with the message nor with each other', () => {
    const encoded = encodeNow(serializer, [Uint8Array.of(1, 2), Uint8Array.of(3, 4)]) as Uint8Array<ArrayBuffer>;
    const [first, second] = readBack(encoded, serializer) as [Uint8Array, Uint8Array];

    expect(first.buffer).not.toBe(second.buffer);
    expect([first.buffer.byteLength, second.buffer.byteLength]).toEqual([2, 2]);
    first.fill(9);
    expect(readBack(encoded, serializer)).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
  });

  it('are those of the moment of the call', () => {
    const bytes = Uint8Array.of(1);
    const encoded = encodeNow(serializer, bytes);
    bytes[0] = 2;

    expect(readBack(encoded, serializer)).toEqual(Uint8Array.of(1));
  });
});

describe('a Blob', () => {
  const sent = async (value: unknown): Promise<unknown> =>
    readBack(await encodeValue(serializer, value, 'input'), serializer);

  it('arrives with its type, once it is read', async () => {
    const encoded = encodeValue(serializer, { picture: new Blob(['dots'], { type: 'image/svg+xml' }) }, 'input');
    expect(encoded).toBeInstanceOf(Promise);

    const { picture } = readBack(await encoded, serializer) as { picture: Blob };

    expect(picture).toBeInstanceOf(Blob);
    expect(picture.type).toBe('image/svg+xml');
    expect(await picture.text()).toBe('dots');
  });

  it('arrives as the file it was', async () => {
    const file = (await sent(new File(['rows'], 'naïve.csv', { type: 'text/csv', lastModified: 1_234 }))) as File;

    expect(file).toBeInstanceOf(File);
    expect([file.name, file.type, file.lastModified]).toEqual(['naïve.csv', 'text/csv', 1_234]);
    expect(await file.text()).toBe('rows');
  });

  it('leaves what stands beside it as it was when it was sent', async () => {
    const bytes = Uint8Array.of(1);
    const value = { bytes, blob: new Blob(['x']), list: ['before'] };
    const arriving = sent(value);
    bytes[0] = 2;
    value.list.push('after');

    expect(await arriving).toMatchObject({ bytes: Uint8Array.of(1), list: ['before'] });
  });

  it('that cannot be read is told of by name, with the cause', async () => {
    const cause = new Error('the file has changed');
    const broken = new Blob(['x']);
    broken.arrayBuffer = () => Promise.reject(cause);

    await expect(encodeValue(serializer, { broken }, 'input')).rejects.toMatchObject({
      message: 'a Blob in input could not be read',
      cause,
    });
  });

  it('cannot stand where nothing can be waited for, nor can bytes where only text travels', () => {
    for (const value of [new Blob(['x']), Uint8Array.of(1)]) {
      expect(() => encodeText(serializer, { value }, 'auth')).toThrow('auth must not hold bytes');
    }
  });
});

it('takes hardly more on the wire than the bytes themselves', () => {
  const bytes = new Uint8Array(1_048_576);
  const message = encodeResult(1, encodeNow(serializer, { bytes }));

  expect(message.length).toBeLessThan(bytes.length * 1.001);
});

describe('metadata about bytes is refused', () => {
  const node = ['custom', 'bytes'];
  const one = { values: [node], v: 1 };
  const attachments = [new Uint8Array(4), new Uint8Array(3)];
  const isSafe = (json: unknown, meta: unknown = one, list = attachments.slice(0, 1)): boolean =>
    isSafeMetadata(json, meta, new Map(), list);

  it('unless it fits', () => {
    expect(isSafe([0, 'Uint8Array'])).toBe(true);
    expect(isSafe([0, 'Float32Array'])).toBe(true);
    expect(isSafe([0, 'File', 'text/plain', 'a.txt', 0])).toBe(true);
    expect(
      isSafe(
        [
          [1, 'ArrayBuffer'],
          [0, 'Blob', ''],
        ],
        { values: { 0: [node], 1: [node] }, v: 1 },
        attachments,
      ),
    ).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an index beyond the attachments', [1, 'Uint8Array']],
    ['a negative index', [-1, 'Uint8Array']],
    ['a fraction', [0.5, 'Uint8Array']],
    ['an index of text', ['0', 'Uint8Array']],
    ['the name of a method', ['at', 'Uint8Array']],
    ['a kind that is none', [0, 'Promise']],
    ['a kind of the prototype', [0, '__proto__']],
    ['a kind that is a class of ours', [0, 'SharedArrayBuffer']],
    ['no kind', [0]],
    ['nothing', []],
    ['bytes that are not whole elements', [0, 'Float64Array']],
    ['a field too many', [0, 'Uint8Array', 1]],
    ['a Blob without a type', [0, 'Blob']],
    ['a Blob whose type is a number', [0, 'Blob', 1]],
    ['a File without a name', [0, 'File', 'text/plain']],
    ['a File of no time', [0, 'File', 'text/plain', 'a', 'now']],
    ['an object', { 0: 0, 1: 'Uint8Array', length: 2 }],
    ['text', '0'],
  ])('with %s', (_name, json) => {
    expect(isSafe(json)).toBe(false);
  });

  it('when an attachment stands in two places', () => {
    const json = [
      [0, 'Uint8Array'],
      [0, 'Uint8Array'],
    ];

    expect(isSafe(json, { values: { 0: [node], 1: [node] }, v: 1 })).toBe(false);
    expect(isSafe(json, { values: { 0: [node], 1: [node] }, v: 1 }, attachments)).toBe(false);
  });

  it('when an attachment stands nowhere', () => {
    expect(isSafe([0, 'Uint8Array'], one, attachments)).toBe(false);
    expect(isSafe('2026-01-01', { values: ['Date'], v: 1 })).toBe(false);
  });

  it('when text claims bytes that did not come', () => {
    expect(isSafe([0, 'Uint8Array'], one, [])).toBe(false);
  });

  it('when it revives the parts of bytes', () => {
    expect(isSafe([0, 'Uint8Array'], { values: [node, { 0: ['bigint'] }], v: 1 })).toBe(false);
    expect(isSafe([['0', 'Uint8Array']], { values: { '0.0': ['bigint'], 0: [node] }, v: 1 })).toBe(false);
  });
});
