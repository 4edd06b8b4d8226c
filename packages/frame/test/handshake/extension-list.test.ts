import { fc, test } from '@fast-check/vitest';
import { describe, expect, it, vi } from 'vitest';
import { readExtensions } from '../../src/handshake/extension-list.ts';
import { isHandshakeError } from '../../src/handshake/handshake-error.ts';
import { createHeaderMap } from '../../src/handshake/header-map.ts';

function read(...values: string[]) {
  const headers = createHeaderMap(values.map((value) => ['Sec-WebSocket-Extensions', value] as const));
  return readExtensions(headers).map(({ name, parameters }) => [
    name,
    ...parameters.map((parameter) => (parameter.value === null ? parameter.name : [parameter.name, parameter.value])),
  ]);
}

describe('a list of extensions', () => {
  it.each<[string, unknown]>([
    ['', []],
    [' , ,\t', []],
    ['a', [['a']]],
    ['a,b', [['a'], ['b']]],
    [',a , ,b,', [['a'], ['b']]],
    ['a;x', [['a', 'x']]],
    ['a;x;x', [['a', 'x', 'x']]],
    ['a ; x = 1 ;y\t=\t2 , b', [['a', ['x', '1'], ['y', '2']], ['b']]],
    ['a;x="1"', [['a', ['x', '1']]]],
    ['a;x="\\1\\0" ;y, b', [['a', ['x', '10'], 'y'], ['b']]],
    ['A;X=Y', [['A', ['X', 'Y']]]],
  ])('reads %j', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('goes on over repeated headers', () => {
    expect(read('a;x', '', 'b, c;y=1')).toEqual([['a', 'x'], ['b'], ['c', ['y', '1']]]);
  });

  it.each([
    'a b',
    'a;',
    'a;;x',
    ';a',
    'a;=1',
    'a;x=',
    'a;x=,b',
    'a;x=1 2',
    'a;x="1',
    'a;x="1\\',
    'a;x="',
    'a;x=""',
    'a;x="a b"',
    'a;x="a,b"',
    'a;x="1"2',
    'a;"x"',
    '"a"',
    'a=1',
    'ä',
    'a/b',
    'a;x={}',
  ])('refuses %j', (header) => {
    expect(() => read(header)).toThrow(expect.objectContaining({ code: 'BAD_EXTENSION', status: 400 }));
  });

  it('does not end a quoted string in the next header', () => {
    expect(() => read('a;x="1', '2"')).toThrow(expect.objectContaining({ code: 'BAD_EXTENSION' }));
  });

  // GHSA-5v72-xg48-5rpm: such a name found a property of Object.prototype.
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'takes %s for a name as any',
    (name) => {
      expect(read(`${name}; ${name}=${name}; ${name}`)).toEqual([[name, [name, name], name]]);
    },
  );

  // CVE-2020-7662: an open quote made the time grow with the cube of the length.
  it.each([
    ['an open quote and escapes', (size: number) => `a;b="${'\\c'.repeat(size / 2)}`],
    ['an open quote and backslashes', (size: number) => `a;b="${'\\'.repeat(size)}`],
    ['quotes', (size: number) => `a;b=${'"'.repeat(size)}`],
    ['a token, blanks and a token', (size: number) => `b${' '.repeat(size)}x`],
    ['blanks', (size: number) => ' '.repeat(size)],
    ['commas', (size: number) => ','.repeat(size)],
    ['short extensions', (size: number) => 'a ,'.repeat(size / 3)],
    ['short parameters', (size: number) => `a${';b'.repeat(size / 2)}`],
    ['quoted parameters', (size: number) => `a${';b="\\c"'.repeat(size / 7)}`],
  ])('costs steps in proportion to its length: %s', (_, adversarial) => {
    const steps = (header: string) => {
      const headers = createHeaderMap([['sec-websocket-extensions', header]]);
      const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
      try {
        readExtensions(headers);
      } catch {
        // Refusing is as good.
      }
      const { length } = charCodeAt.mock.calls;
      charCodeAt.mockRestore();
      return length;
    };
    const small = steps(adversarial(4_096));
    const big = steps(adversarial(16_384));
    expect(big).toBeLessThanOrEqual(4 * small + 32);
    expect(big).toBeLessThanOrEqual(6 * 16_384);
  });

  const token = fc.stringMatching(/^[a-zA-Z0-9!#_-]{1,8}$/);
  const blank = fc.constantFrom('', ' ', '\t', '  ');
  const extension = fc.tuple(token, fc.array(fc.tuple(token, fc.option(token), fc.nat(2))));

  test.prop([fc.array(extension), blank])('says what was written, however it is quoted and spaced', (all, space) => {
    const header = all
      .map(([name, parameters]) =>
        [
          name,
          ...parameters.map(([parameter, value, quoting]) => {
            if (value === null) return parameter;
            const escaped = quoting === 2 ? value.replaceAll(/./g, '\\$&') : value;
            return `${parameter}${space}=${space}${quoting === 0 ? value : `"${escaped}"`}`;
          }),
        ].join(`${space};${space}`),
      )
      .join(`${space},${space}`);
    expect(read(`${space}${header}${space}`)).toEqual(
      all.map(([name, parameters]) => [
        name,
        ...parameters.map(([parameter, value]) => (value === null ? parameter : [parameter, value])),
      ]),
    );
  });

  test.prop([fc.string({ unit: fc.constantFrom(...'ab1 \t,;="\\{}é') })])(
    'is read or refused, whatever it is',
    (header) => {
      try {
        for (const [name] of read(header)) expect(name).toMatch(/^[ab1]+$/);
      } catch (error) {
        expect(isHandshakeError(error) && error.code).toBe('BAD_EXTENSION');
      }
    },
  );
});
