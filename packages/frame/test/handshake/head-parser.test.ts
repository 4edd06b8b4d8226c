import { RequestHeadParser, ResponseHeadParser } from '@typewire/frame';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1, requestText } from './request-text.ts';

const frames = Uint8Array.of(0x81, 0x80, 1, 2, 3, 4);

function glued(text: string): Uint8Array {
  return Uint8Array.from([...latin1(text), ...frames]);
}

/** What a parser makes of `bytes` when they arrive in these chunks, in a form that can be compared. */
function outcomeOf(chunks: readonly Uint8Array[]): unknown {
  const parser = new RequestHeadParser();
  for (const [index, chunk] of chunks.entries()) {
    const outcome = parser.push(chunk);
    if (outcome === null) continue;
    if (outcome.type === 'refused') return outcome.error.code;
    const rest = [outcome.rest, ...chunks.slice(index + 1)].flatMap((part) => [...part]);
    return { ...outcome.head, headers: [...outcome.head.headers], rest };
  }
  return 'incomplete';
}

function outcomeCode(text: string): string {
  const outcome = new RequestHeadParser().push(latin1(text));
  if (outcome === null) return 'incomplete';
  return outcome.type === 'refused' ? outcome.error.code : 'head';
}

describe('reading a head', () => {
  it('gives the request line, the headers by lower-case name, and the bytes behind the head', () => {
    const outcome = new RequestHeadParser().push(
      glued('GET /a?b HTTP/1.1\r\nHost:  x \t\r\nA:1\r\na: 2\r\nB:\r\n\r\n'),
    );
    expect(outcome).toEqual({
      type: 'head',
      head: {
        method: 'GET',
        target: '/a?b',
        httpVersion: '1.1',
        headers: new Map([
          ['host', ['x']],
          ['a', ['1', '2']],
          ['b', ['']],
        ]),
      },
      rest: frames,
    });
  });

  it('reads the same however the network cuts the bytes in two', () => {
    const bytes = glued(requestText());
    const whole = outcomeOf([bytes]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(outcomeOf([bytes.subarray(0, cut), bytes.subarray(cut)]), `cut after byte ${cut}`).toEqual(whole);
    }
  });

  it('reads the same byte by byte', () => {
    const bytes = glued(requestText());
    expect(outcomeOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(outcomeOf([bytes]));
  });

  it('never throws and never changes its mind about any bytes in any cut', () => {
    const heads = fc.oneof(
      fc.constant(latin1(requestText())),
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom('GET / HTTP/1.1\r\n', 'a: b\r\n', '\r\n', '\r', '\n', ' ', ':', '\0', 'é'), {
          maxLength: 12,
        })
        .map((parts) => latin1(parts.join(''))),
    );
    fc.assert(
      fc.property(heads, fc.array(fc.nat(200), { maxLength: 8 }), (bytes, cuts) => {
        const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(outcomeOf(chunks)).toEqual(outcomeOf([bytes]));
      }),
    );
  });

  it('keeps nothing of a chunk, which its owner may reuse', () => {
    const parser = new RequestHeadParser();
    const chunk = latin1('GET /here HTTP/1.1\r\nHost: x');
    expect(parser.push(chunk)).toBeNull();
    chunk.fill(0x20);
    expect(parser.push(latin1('yz\r\n\r\n'))).toMatchObject({
      head: { target: '/here', headers: new Map([['host', ['xyz']]]) },
    });
  });

  it('takes a header named like a member of Object.prototype for a header', () => {
    const outcome = new RequestHeadParser().push(latin1('GET / HTTP/1.1\r\n__proto__: a\r\nconstructor: b\r\n\r\n'));
    expect(outcome).toMatchObject({
      head: {
        headers: new Map([
          ['__proto__', ['a']],
          ['constructor', ['b']],
        ]),
      },
    });
  });

  it('passes opaque bytes in a value on as they are', () => {
    const outcome = new RequestHeadParser().push(latin1('GET / HTTP/1.1\r\nCookie: \xe9\xff\r\n\r\n'));
    expect(outcome).toMatchObject({ head: { headers: new Map([['cookie', ['\xe9\xff']]]) } });
  });

  it('cannot be fed after its outcome', () => {
    const parser = new RequestHeadParser();
    parser.push(latin1('GET / HTTP/1.1\r\n\r\n'));
    expect(() => parser.push(frames)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'ALREADY_CLOSED' }));
  });
});

describe('refusing a malformed head', () => {
  it.each([
    ['a bare LF behind the request line', 'GET / HTTP/1.1\n', 'BAD_START_LINE'],
    ['a bare LF behind a header', 'GET / HTTP/1.1\r\na: b\n', 'BAD_HEADER'],
    ['a bare CR inside a value', 'GET / HTTP/1.1\r\na: b\rc', 'BAD_HEADER'],
    ['two CR', 'GET / HTTP/1.1\r\na: b\r\r\n', 'BAD_HEADER'],
    ['a NUL inside a value', 'GET / HTTP/1.1\r\na: b\0', 'BAD_HEADER'],
    ['a DEL inside a value', 'GET / HTTP/1.1\r\na: b\x7f', 'BAD_HEADER'],
    ['a folded line', 'GET / HTTP/1.1\r\na: b\r\n c: d\r\n', 'BAD_HEADER'],
    ['a line folded with a tab', 'GET / HTTP/1.1\r\na: b\r\n\tc\r\n', 'BAD_HEADER'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : b\r\n', 'BAD_HEADER'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nabc\r\n', 'BAD_HEADER'],
    ['a header without a name', 'GET / HTTP/1.1\r\n: b\r\n', 'BAD_HEADER'],
    ['a name with a letter that is not ASCII', 'GET / HTTP/1.1\r\nh\xf6st: b\r\n', 'BAD_HEADER'],
    ['an empty line in front', '\r\nGET / HTTP/1.1\r\n', 'BAD_START_LINE'],
    ['a request line of one word', 'GET\r\n', 'BAD_START_LINE'],
    ['a request line of two words', 'GET /\r\n', 'BAD_START_LINE'],
    ['a space inside the target', 'GET /a b HTTP/1.1\r\n', 'BAD_START_LINE'],
    ['two spaces behind the method', 'GET  / HTTP/1.1\r\n', 'BAD_START_LINE'],
    ['a trailing space', 'GET / HTTP/1.1 \r\n', 'BAD_START_LINE'],
    ['a method that is not a token', 'G@T / HTTP/1.1\r\n', 'BAD_START_LINE'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n', 'BAD_START_LINE'],
    ['HTTP/0.9', 'GET / HTTP/0.9\r\n', 'BAD_START_LINE'],
    ['a lower-case protocol', 'GET / http/1.1\r\n', 'BAD_START_LINE'],
    ['HTTP/1.10', 'GET / HTTP/1.10\r\n', 'BAD_START_LINE'],
    ['the first byte of a TLS hello', '\x16', 'BAD_START_LINE'],
  ])('refuses %s', (_, text, code) => {
    expect(outcomeCode(text)).toBe(code);
  });

  it('answers what is malformed with 400', () => {
    expect(new RequestHeadParser().push(latin1('\0'))).toMatchObject({
      error: { name: 'HandshakeError', status: 400 },
    });
  });
});

describe('limits', () => {
  const exactly = (bytes: number) => {
    const frame = 'GET / HTTP/1.1\r\na: \r\n\r\n';
    return frame.replace('a: ', `a: ${'b'.repeat(bytes - frame.length)}`);
  };

  it('reads a head of exactly 8 KiB and refuses one byte more with 431', () => {
    expect(outcomeCode(exactly(8_192))).toBe('head');
    expect(new RequestHeadParser().push(latin1(exactly(8_193)))).toMatchObject({
      error: { code: 'HEAD_TOO_BIG', status: 431 },
    });
  });

  it('refuses a line that never ends', () => {
    expect(outcomeCode('G'.repeat(8_192))).toBe('incomplete');
    expect(outcomeCode('G'.repeat(8_193))).toBe('HEAD_TOO_BIG');
  });

  it('does not count the frames behind the head', () => {
    const bytes = Uint8Array.from([...latin1(exactly(8_192)), ...new Uint8Array(100_000)]);
    expect(new RequestHeadParser().push(bytes)).toMatchObject({ type: 'head', rest: { length: 100_000 } });
  });

  it('reads 64 headers and refuses the 65th with 431', () => {
    expect(outcomeCode(`GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(64)}\r\n`)).toBe('head');
    expect(new RequestHeadParser().push(latin1(`GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(65)}`))).toMatchObject({
      error: { code: 'TOO_MANY_HEADERS', status: 431 },
    });
  });

  it('takes other limits', () => {
    const limits = { maxHeadBytes: 30, maxHeaders: 1 };
    expect(new RequestHeadParser(limits).push(latin1('GET / HTTP/1.1\r\na: b\r\nc: d\r\n'))).toMatchObject({
      error: { code: 'TOO_MANY_HEADERS' },
    });
    expect(new RequestHeadParser(limits).push(latin1(exactly(31)))).toMatchObject({ error: { code: 'HEAD_TOO_BIG' } });
    expect(() => new RequestHeadParser({ maxHeaders: 0 })).toThrow(/maxHeaders/);
    expect(() => new RequestHeadParser({ maxHeadBytes: Number.NaN })).toThrow(/maxHeadBytes/);
  });

  it('looks at each byte once when a head arrives byte by byte', () => {
    let reads = 0;
    const counted = (byte: number) =>
      new Proxy(Uint8Array.of(byte), {
        get(target, key) {
          if (key === '0') reads++;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    const parser = new RequestHeadParser();
    const head = latin1(exactly(8_192));
    for (const byte of head.subarray(0, -1)) parser.push(counted(byte));
    expect(reads).toBe(head.length - 1);
  });
});

describe('a status line', () => {
  const codeOf = (line: string) => {
    const outcome = new ResponseHeadParser().push(latin1(`${line}\r\n\r\n`));
    return outcome?.type === 'head' ? outcome.head.status : outcome?.error.code;
  };

  it.each([
    ['HTTP/1.1 101 Switching Protocols', 101],
    ['HTTP/1.1 101 ', 101],
    ['HTTP/1.1 101', 101],
    ['HTTP/1.0 404 Not Found', 404],
    ['HTTP/1.1 1010 No', 'BAD_START_LINE'],
    ['HTTP/1.1 10 No', 'BAD_START_LINE'],
    ['HTTP/1.1 1e2 No', 'BAD_START_LINE'],
    ['HTTP/1.1 099 No', 'BAD_START_LINE'],
    ['HTTP/1.1  101 No', 'BAD_START_LINE'],
    ['HTTP/2 200', 'BAD_START_LINE'],
    ['ICY 200 OK', 'BAD_START_LINE'],
  ])('%s reads as %s', (line, expected) => {
    expect(codeOf(line)).toBe(expected);
  });

  it('gives a refusal no status, because a client has nothing to answer', () => {
    expect(new ResponseHeadParser().push(latin1('nonsense\r\n'))).toMatchObject({ error: { status: null } });
  });
});
