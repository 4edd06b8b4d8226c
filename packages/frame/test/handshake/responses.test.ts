import {
  chooseProtocol,
  createHeaderMap,
  createUpgradeOffer,
  type ExtraHeaders,
  isRefusalStatus,
  readUpgradeRequest,
  readUpgradeResponse,
  type UpgradeOfferOptions,
  type UpgradeRequest,
  writeAcceptance,
  writeExtraHeaders,
  writeRefusal,
} from '@typewire/frame';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest, parseResponse, requestText, sha1 } from './request-text.ts';

const badOption = expect.objectContaining({ name: 'UsageError', code: 'BAD_OPTION' });

function sampleRequest(): UpgradeRequest {
  const result = readUpgradeRequest(parseRequest(requestText()));
  if (!result.ok) throw result.error;
  return result.value;
}

function offer(options: Partial<UpgradeOfferOptions> = {}) {
  return createUpgradeOffer({ host: 'a.example', target: '/', nonce: new Uint8Array(16), ...options });
}

describe('the 101', () => {
  it('is the one of RFC 6455 §1.3', () => {
    expect(writeAcceptance(sampleRequest(), { sha1, protocol: 'chat', headers: { 'X-A': 'b' } })).toBe(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
        'Sec-WebSocket-Protocol: chat',
        'X-A: b',
        '',
        '',
      ].join('\r\n'),
    );
  });

  it('cannot choose what was not offered', () => {
    expect(() => writeAcceptance(sampleRequest(), { sha1, protocol: 'other' })).toThrow(badOption);
  });
});

describe('choosing a subprotocol', () => {
  it("follows the server's order of preference", () => {
    expect(chooseProtocol(['a', 'b'], ['c', 'b', 'a'])).toBe('b');
  });

  it('goes on without one when there is none in common', () => {
    expect(chooseProtocol(['a'], ['b'])).toBeNull();
    expect(chooseProtocol([], ['b'])).toBeNull();
    expect(chooseProtocol(['a'], () => null)).toBeNull();
  });

  it('asks a function, but takes only an offered one', () => {
    expect(chooseProtocol(['a', 'b'], (offered) => offered.at(-1) ?? null)).toBe('b');
    expect(() => chooseProtocol(['a'], () => 'b')).toThrow(badOption);
  });
});

describe('a refusal', () => {
  it.each([400, 403, 404, 405, 426, 431, 503] as const)('with %s closes, has a length and says why', (status) => {
    const [head = '', body] = writeRefusal(status, 'The key is wrong.').split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(head).toContain('\r\nConnection: close');
    expect(head).toContain(`\r\nContent-Length: ${body?.length}`);
    expect(body).toBe('The key is wrong.\n');
  });

  it('with 426 names the versions, with 405 the method', () => {
    expect(writeRefusal(426)).toContain('\r\nSec-WebSocket-Version: 13, 8\r\n');
    expect(writeRefusal(426)).toContain('\r\nUpgrade: websocket\r\n');
    expect(writeRefusal(405)).toContain('\r\nAllow: GET\r\n');
  });

  it('takes no line break and no other status', () => {
    expect(() => writeRefusal(400, 'a\r\nb')).toThrow(badOption);
    expect(isRefusalStatus(200)).toBe(false);
  });
});

describe('headers of our caller', () => {
  it.each<[string, ExtraHeaders]>([
    ['an object', { 'X-A': '1', Cookie: 'a=b' }],
    [
      'a Map',
      new Map([
        ['X-A', '1'],
        ['Cookie', 'a=b'],
      ]),
    ],
    [
      'pairs',
      [
        ['X-A', '1'],
        ['Cookie', 'a=b'],
      ],
    ],
  ])('may come as %s', (_, headers) => {
    expect(writeExtraHeaders(headers)).toBe('X-A: 1\r\nCookie: a=b\r\n');
  });

  it('may repeat a name', () => {
    expect(
      writeExtraHeaders([
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ]),
    ).toBe('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
  });

  it.each([
    'Upgrade',
    'connection',
    'SEC-WebSocket-Key',
    'Sec-Anything',
    'Host',
    'Origin',
    'Content-Length',
    'Transfer-Encoding',
    'a b',
    'a:',
    '',
    'ä',
    'a\r\nb',
  ])('cannot be named %j', (name) => {
    expect(() => writeExtraHeaders([[name, 'x']])).toThrow(badOption);
  });

  it.each(['a\r\nb: c', 'a\nb', 'a\rb', 'a\0', 'ä', '\u010a'])('cannot have the value %j', (value) => {
    expect(() => writeExtraHeaders({ a: value })).toThrow(badOption);
  });

  it('end up as exactly one line each, or are refused', () => {
    const names = fc.oneof(fc.constantFrom('a', 'X-B'), fc.string());
    fc.assert(
      fc.property(
        names,
        fc.string({ unit: fc.constantFrom('a', ' ', '\t', ':', '\r', '\n', '\0', 'é') }),
        (name, value) => {
          let lines = '';
          try {
            lines = writeExtraHeaders([[name, value]]);
          } catch (error) {
            expect(error).toEqual(badOption);
            return;
          }
          const text = `GET / HTTP/1.1\r\n${lines}\r\n`;
          expect(parseRequest(text).headers).toEqual(createHeaderMap([[name, value.replace(/^[ \t]+|[ \t]+$/g, '')]]));
        },
      ),
    );
  });
});

describe('the request of a client', () => {
  it('is one that a server accepts', () => {
    const { head } = offer({ target: '/a?b', protocols: ['x', 'y'], origin: 'http://o', headers: { Cookie: 'c=d' } });
    const result = readUpgradeRequest(parseRequest(head));
    expect(result).toMatchObject({
      ok: true,
      value: { host: 'a.example', path: '/a', query: 'b', protocols: ['x', 'y'], origin: 'http://o', version: 13 },
    });
    expect(parseRequest(head).headers.get('cookie')).toEqual(['c=d']);
  });

  it.each<[string, Partial<UpgradeOfferOptions>]>([
    ['a line break in the host', { host: 'a\r\nb' }],
    ['a user in the host', { host: 'a@b' }],
    ['a path in the host', { host: 'a/b' }],
    ['no host', { host: '' }],
    ['a line break in the target', { target: '/\r\na: b' }],
    ['a space in the target', { target: '/ HTTP/1.1' }],
    ['a fragment in the target', { target: '/#a' }],
    ['a target that is no path', { target: 'a' }],
    ['a line break in the origin', { origin: 'http://a\r\nb: c' }],
    ['a line break in a subprotocol', { protocols: ['a\r\nb'] }],
    ['a comma in a subprotocol', { protocols: ['a,b'] }],
    ['an empty subprotocol', { protocols: [''] }],
    ['a subprotocol twice', { protocols: ['a', 'a'] }],
    ['a short nonce', { nonce: new Uint8Array(15) }],
  ])('cannot have %s', (_, options) => {
    expect(() => offer(options)).toThrow(badOption);
  });
});

describe('the answer to a client', () => {
  const sent = offer({ protocols: ['a', 'b'] });
  const accept = readAccept();

  function readAccept(): string {
    const request = readUpgradeRequest(parseRequest(sent.head));
    if (!request.ok) throw request.error;
    return /Accept: (.*)\r/.exec(writeAcceptance(request.value, { sha1 }))?.[1] ?? '';
  }

  function answer(
    changes: Record<string, string | null> = {},
    startLine = 'HTTP/1.1 101 Switching Protocols',
    extra = '',
  ) {
    const good = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': accept };
    const lines = Object.entries<string | null>({ ...good, ...changes }).filter(([, value]) => value !== null);
    const text = `${startLine}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${extra}\r\n`;
    return readUpgradeResponse(parseResponse(text), sent, sha1);
  }

  it('is taken when it keeps to the offer', () => {
    expect(answer()).toMatchObject({ ok: true, value: { protocol: null } });
    expect(answer({ 'Sec-WebSocket-Protocol': 'b', Upgrade: 'WebSocket' })).toMatchObject({ value: { protocol: 'b' } });
  });

  it.each<[string, string, number, Parameters<typeof answer>]>([
    ['a redirect', 'BAD_STATUS', 302, [{ Location: 'ws://b' }, 'HTTP/1.1 302 Found']],
    ['401', 'BAD_STATUS', 401, [{}, 'HTTP/1.1 401 Unauthorized']],
    ['200', 'BAD_STATUS', 200, [{}, 'HTTP/1.1 200 OK']],
    ['HTTP/1.0', 'BAD_HTTP_VERSION', 101, [{}, 'HTTP/1.0 101 X']],
    ['no Upgrade', 'BAD_UPGRADE', 101, [{ Upgrade: null }]],
    ['another Upgrade', 'BAD_UPGRADE', 101, [{ Upgrade: 'h2c' }]],
    ['no Connection', 'BAD_CONNECTION', 101, [{ Connection: null }]],
    ['no accept', 'BAD_ACCEPT', 101, [{ 'Sec-WebSocket-Accept': null }]],
    ['the accept of another key', 'BAD_ACCEPT', 101, [{ 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }]],
    ['an accept in another case', 'BAD_ACCEPT', 101, [{ 'Sec-WebSocket-Accept': accept.toLowerCase() }]],
    ['two accepts', 'DUPLICATE_HEADER', 101, [{}, undefined, `Sec-WebSocket-Accept: ${accept}\r\n`]],
    ['a body', 'BODY_NOT_ALLOWED', 101, [{ 'Content-Length': '1' }]],
    ['an extension', 'EXTENSION_NOT_OFFERED', 101, [{ 'Sec-WebSocket-Extensions': 'permessage-deflate' }]],
    ['another subprotocol', 'PROTOCOL_NOT_OFFERED', 101, [{ 'Sec-WebSocket-Protocol': 'c' }]],
    ['an empty subprotocol', 'PROTOCOL_NOT_OFFERED', 101, [{ 'Sec-WebSocket-Protocol': '' }]],
    ['two subprotocols', 'PROTOCOL_NOT_OFFERED', 101, [{ 'Sec-WebSocket-Protocol': 'a, b' }]],
  ])('is refused with %s', (_, code, status, change) => {
    expect(answer(...change)).toMatchObject({ ok: false, error: { name: 'HandshakeError', code, status } });
  });

  it('says that a redirect is not followed', () => {
    expect(answer({}, 'HTTP/1.1 307 Temporary Redirect')).toMatchObject({
      error: { message: 'The server answered 307 instead of 101; redirects are not followed.' },
    });
  });
});
