import { afterEach, describe, expect, it } from 'vitest';
import type { CustomType } from '../../src/message/custom-type.ts';
import { createSuperjsonSerializer } from '../../src/message/superjson-serializer.ts';
import { decodeValue, encodeValue } from '../../src/message/value.ts';
import { expectNoPollution } from '../support/pollution.ts';
import { encodeNow, roundTrip } from '../support/round-trip.ts';

class Decimal {
  readonly digits: string;
  constructor(digits: string) {
    if (!/^-?\d+(\.\d+)?$/.test(digits)) throw new RangeError('not a decimal');
    this.digits = digits;
  }
}

/** Holds anything, other instances too. */
class Box {
  readonly content: unknown;
  constructor(content: unknown) {
    this.content = content;
  }
}

const decimal: CustomType<Decimal> = {
  is: (value) => value instanceof Decimal,
  encode: ({ digits }) => digits,
  decode: (digits: string) => new Decimal(digits),
};
const box: CustomType<Box> = {
  is: (value) => value instanceof Box,
  encode: ({ content }) => ({ content }),
  decode: ({ content }: { content: unknown }) => new Box(content),
};
const serializer = createSuperjsonSerializer({ types: { Decimal: decimal, Box: box } });

afterEach(expectNoPollution);

describe('an instance of a registered class', () => {
  it.each<[string, unknown]>([
    ['alone', new Decimal('1.50')],
    ['in a value', { price: new Decimal('-3'), at: new Date(0) }],
    ['in a Map and a Set', new Map([[new Decimal('1'), new Set([new Decimal('2')])]])],
    ['that holds nothing', new Box(undefined)],
    ['that holds what JSON lacks', new Box([new Date(7), 9n, undefined, new Map([[1, Number.NaN]])])],
    ['that holds bytes', [Uint8Array.of(1), new Box({ bytes: Float32Array.of(1.5) }), Uint8Array.of(2)]],
    ['that holds others', new Box([new Box(new Decimal('7')), new Decimal('8')])],
  ])('arrives as one: %s', (_name, value) => {
    expect(roundTrip(value, serializer)).toEqual(value);
  });

  it('arrives as two when it stands in a value twice', () => {
    const one = new Decimal('1');
    const [first, second] = roundTrip([one, one], serializer) as Decimal[];

    expect([first, second]).toEqual([one, one]);
    expect(first).not.toBe(second);
  });

  it('is an instance like any other to an end that does not know it', () => {
    const plain = createSuperjsonSerializer();

    expect(() => encodeValue(plain, { price: new Decimal('1') }, 'input')).toThrow(
      'input.price is an instance of Decimal',
    );
    expect(() => roundTrip(new Decimal('1'), serializer, plain)).toThrow(
      expect.objectContaining({ code: 'MALFORMED' }),
    );
  });

  it('must be encoded to something that travels', () => {
    expect(() => encodeValue(serializer, { a: new Box({ run: () => 1 }) }, 'output')).toThrow(
      'output.a.content.run is a function',
    );
    expect(() => encodeValue(serializer, new Box(JSON.parse('{"__proto__":1}')))).toThrow('__proto__');
    const itself = new Box(null);
    Object.assign(itself, { content: itself });
    expect(() => encodeNow(serializer, itself, 'output')).toThrow('output is nested more than 64 levels deep');
  });

  it('may be encoded with the help of the same serializer', () => {
    const nested = createSuperjsonSerializer({
      types: {
        Decimal: { ...decimal, encode: (value: Decimal) => [encodeNow(nested, [new Date(0)]), value.digits].at(1) },
        Box: box,
      },
    });

    expect(roundTrip([new Box(new Decimal('1')), new Decimal('2')], nested)).toEqual([
      new Box(new Decimal('1')),
      new Decimal('2'),
    ]);
  });
});

describe('what a peer says is an instance is malformed', () => {
  const read = (json: unknown, type: unknown = ['custom', 'Decimal']): unknown =>
    decodeValue(serializer, [17, 1, json, { values: [type], v: 1 }], 2);

  it('unless it fits', () => {
    expect(read(['1.5'])).toEqual(new Decimal('1.5'));
  });

  it.each<[string, unknown, unknown?]>([
    ['when its class does not take it', ['1;drop']],
    ['when it lacks its wrapping', '1.5'],
    ['when it is wrapped in nothing', []],
    ['when it has too many fields', ['1', {}, 1]],
    ['when its own metadata does not fit', ['1', ['Date', {}]]],
    ['when its own metadata is on no list', ['/x/', ['regexp']]],
    ['when its name is not registered', ['1'], ['custom', 'Money']],
    ['when its name is of the prototype', ['1'], ['custom', 'constructor']],
    ['when its name is __proto__', ['1'], ['custom', '__proto__']],
    ['when its name is not text', ['1'], ['custom', ['Decimal']]],
    ['when it claims bytes that did not come', [[0, 'Uint8Array'], [['custom', 'bytes']]], ['custom', 'Box']],
  ])('%s', (_name, json, type) => {
    expect(() => read(json, type)).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'MALFORMED' }));
  });
});

describe('a type cannot be registered', () => {
  it.each(['__proto__x', '', '1', 'bytes', 'constructor', 'prototype', 'a b', 'x'.repeat(65)])('as %j', (name) => {
    expect(() => createSuperjsonSerializer({ types: { [name]: decimal } })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(JSON.stringify(name)) }),
    );
  });

  it('as __proto__', () => {
    const types = JSON.parse('{"__proto__":{}}');

    expect(() => createSuperjsonSerializer({ types })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  it('without all of its functions', () => {
    const types = { Decimal: { is: decimal.is } } as unknown as Record<string, CustomType>;

    expect(() => createSuperjsonSerializer({ types })).toThrow('types.Decimal lacks encode()');
  });
});
