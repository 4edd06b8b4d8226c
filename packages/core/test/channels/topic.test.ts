import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicName } from '../../src/channels/topic.ts';

const badOption = expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' });

describe('a name', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'chat.room'],
    ['text and a number', { room: 'lobby', page: 2 }, 'chat.room?page=~2&room=lobby'],
    ['no parameter', {}, 'chat.room?~%7B%7D'],
    ['only undefined ones', { room: undefined }, 'chat.room?~%7B%7D'],
    ['null', null, 'chat.room?~null'],
    ['text alone', 'lobby', 'chat.room?lobby'],
    ['empty text', '', 'chat.room?'],
    ['a list', ['a', 1], 'chat.room?~%5B%22a%22%2C1%5D'],
    ['nesting', { at: { x: 1 } }, 'chat.room?at=~%7B%22x%22%3A1%7D'],
  ])('of %s is as documented', (_name, params, name) => {
    expect(topicName('chat.room', params)).toBe(name);
  });

  it('is the same for equal parameters in any order, nested ones too', () => {
    const one = topicName('a', { x: 1, y: { p: [1], q: null }, '10': true, '9': false });
    const other = topicName('a', { '9': false, '10': true, y: { q: null, p: [1] }, x: 1 });

    expect(one).toBe(other);
  });

  it('is the same whether a parameter is undefined or missing', () => {
    expect(topicName('a', { x: 1, y: undefined })).toBe(topicName('a', { x: 1 }));
    expect(topicName('a', { x: { z: undefined } })).toBe(topicName('a', { x: {} }));
  });

  it('differs whenever path or parameters do', () => {
    const names = [
      ['a', undefined],
      ['a', null],
      ['a', ''],
      ['a', {}],
      ['a', []],
      ['a', 'null'],
      ['a', '~null'],
      ['a', 0],
      ['a', '0'],
      ['a', false],
      ['a', 'false'],
      ['a', [[]]],
      ['a', ['x']],
      ['a', 'x'],
      ['a', { x: '' }],
      ['a', 'x='],
      ['a', { '': 'x' }],
      ['a', { x: 'y' }],
      ['a', 'x=y'],
      ['a?x', 'y'],
      ['a?x=y', undefined],
      ['a', { 'x=y': '' }],
      ['a', { x: '=y' }],
      ['a', { x: '1', y: '2' }],
      ['a', { x: '1&y=2' }],
      ['a', { 'x=1&y': '2' }],
      ['a', { x: 1, y: '2' }],
      ['a', { x: '~1' }],
      ['a', { x: '%7E1' }],
      ['a', { x: { y: 1 } }],
      ['a', { x: '{"y":1}' }],
      ['a', { x: { y: '1' } }],
      ['a', { x: ['1'] }],
      ['a', { x: [1] }],
      ['a', { x: null }],
      ['a', { x: 'null' }],
      ['A', undefined],
      ['a.b', undefined],
      ['a', { 'x.y': 1 }],
      ['a', { x: '\u0000' }],
      ['a', { x: 'é' }],
      ['a', { x: 'e\u0301' }],
      ['a', { x: ['\ud800'] }],
      ['a', { x: ['\\ud800'] }],
      ['a', JSON.parse('{"__proto__":1}')],
      ['a', { constructor: 1 }],
    ].map(([path, params]) => topicName(path, params));

    expect(new Set(names).size).toBe(names.length);
  });

  it('says of any two parameters whether they are equal', () => {
    const text = fc.oneof(fc.constantFrom('', 'a', '~', '=', '&', '%', '1', 'null', '{}'), fc.string({ maxLength: 4 }));
    const { params } = fc.letrec((tie) => ({
      params: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom<unknown>(null, true, 0, 1, 1.5),
        text,
        fc.array(tie('params'), { maxLength: 2 }),
        fc.dictionary(text, tie('params'), { maxKeys: 2 }),
      ),
    }));
    const sorted = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(sorted);
      return {
        object: Object.entries(value)
          .map(([key, inner]) => [key, sorted(inner)])
          .sort(),
      };
    };
    fc.assert(
      fc.property(params, params, (one, other) => {
        const areEqual = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(topicName('a', one) === topicName('a', other)).toBe(areEqual);
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });

  it.each([
    '*',
    'a*',
    '[a-z]',
    'foo.>',
    'a.*',
    '{x}',
    'a b',
    'a\r\nb',
    '\0',
    '#',
    '+',
    '$SYS/',
    "'",
    '"',
    '(a)',
    '!',
    '~',
  ])('gives no broker a pattern to read: %j', (hostile) => {
    for (const name of [
      topicName(hostile, undefined),
      topicName('a', hostile),
      topicName('a', { [hostile]: [hostile] }),
    ]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
      expect(name).toMatch(/^(?:[\w.%?&=~-]|[^\u0000-\u007f])+$/u);
    }
  });
});

it('leaves other scripts as they are, but what cannot be seen is encoded', () => {
  expect(topicName('a', { room: 'größe 你好🌍' })).toBe('a?room=größe%20你好🌍');
  expect(topicName('a', 'x\u200by\u2028z')).toBe('a?x%E2%80%8By%E2%80%A8z');
});

describe('parameters are refused', () => {
  class Room {
    readonly id = 1;
  }
  it.each<[string, unknown]>([
    ['a Date', new Date(0)],
    ['a Map', new Map([['room', 'lobby']])],
    ['a Set', new Set(['lobby'])],
    ['bytes', Uint8Array.of(1)],
    ['an instance of a class', new Room()],
    ['a BigInt', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('room')],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an undefined item', [undefined]],
    ['a lone surrogate', 'a\ud800'],
  ])('when they are or hold %s', (_name, params) => {
    expect(() => topicName('a', params)).toThrow(badOption);
    expect(() => topicName('a', { room: { deep: [params] }, plain: params })).toThrow(badOption);
  });

  it('when their name is longer than 255 bytes', () => {
    expect(topicName('a', 'x'.repeat(253))).toHaveLength(255);
    expect(() => topicName('a', 'x'.repeat(254))).toThrow(badOption);
    expect(topicName('a', '你'.repeat(84))).toHaveLength(86);
    expect(() => topicName('a', '你'.repeat(85))).toThrow(badOption);
  });
});

describe('parameters that are far too large', () => {
  const key = 'k'.repeat(1_000_000);
  it.each<[string, unknown]>([
    ['text', key],
    ['a key', { [key]: 1 }],
    ['a list', Array.from({ length: 100_000 }, () => 1)],
    ['many keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`${index}`, 1]))],
    ['text in text', { a: { b: [key] } }],
  ])('are refused before they are encoded: %s', (_name, params) => {
    // What is visited last would be refused for another reason: the limit comes first.
    const watched = { a: params, z: () => 1 };
    expect(() => topicName('chat.room', watched)).toThrow('more than 255 bytes');
    expect(() => topicName('chat.room', params)).toThrow(badOption);
  });

  it('are refused when they hold themselves', () => {
    const params: Record<string, unknown> = {};
    params['self'] = params;
    expect(() => topicName('chat.room', params)).toThrow(badOption);
  });
});
