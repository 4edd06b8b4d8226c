import {
  createHeaderMap,
  type HeaderMap,
  listHeader,
  readUpgradeRequest,
  type UpgradeRequest,
  writeAcceptance,
} from '@typewire/frame';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseRequest, requestText, sha1 } from './request-text.ts';

type Change = Parameters<typeof requestText>;

function read(...change: Change): UpgradeRequest {
  const result = readUpgradeRequest(parseRequest(requestText(...change)));
  if (!result.ok) throw result.error;
  return result.value;
}

function refusal(...change: Change): unknown {
  const result = readUpgradeRequest(parseRequest(requestText(...change)));
  return result.ok ? 'accepted' : { code: result.error.code, status: result.error.status };
}

describe('a good request', () => {
  it('is read whole', () => {
    expect(read({}, { startLine: 'GET /chat?room=1&x=%20 HTTP/1.1' })).toMatchObject({
      path: '/chat',
      query: 'room=1&x=%20',
      host: 'server.example.com',
      origin: 'http://example.com',
      protocols: ['chat', 'superchat'],
      key: 'dGhlIHNhbXBsZSBub25jZQ==',
      version: 13,
    });
  });

  it.each<[string, ...Change]>([
    ['Upgrade in any case', { Upgrade: 'WebSocket' }],
    ['Upgrade as a list', { Upgrade: 'h2c, ,websocket' }],
    ['Upgrade over two lines', { Upgrade: 'h2c' }, { extraLines: ['upgrade: websocket'] }],
    ['Connection as Firefox sends it', { Connection: 'keep-alive, Upgrade' }],
    ['Connection in any case, with blanks', { Connection: 'KEEP-ALIVE ,\t uPGRADE' }],
    ['no Origin', { Origin: null }],
    ['HTTP/1.2', {}, { startLine: 'GET / HTTP/1.2' }],
    [
      'names in any case',
      { Host: null, 'Sec-WebSocket-Key': null },
      { extraLines: ['hOST: x', 'SEC-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ=='] },
    ],
  ])('may have %s', (_, ...change) => {
    expect(refusal(...change)).toBe('accepted');
  });

  it('may offer no subprotocol, or several over more than one line', () => {
    expect(read({ 'Sec-WebSocket-Protocol': null }).protocols).toEqual([]);
    expect(read({}, { extraLines: ['Sec-WebSocket-Protocol: third'] }).protocols).toEqual([
      'chat',
      'superchat',
      'third',
    ]);
  });

  it('may have an absolute target, whose host then counts', () => {
    const target = 'http://other.example:81?a=b';
    expect(read({}, { startLine: `GET ${target} HTTP/1.1` })).toMatchObject({
      host: 'other.example:81',
      path: '/',
      query: 'a=b',
    });
  });
});

describe('a bad request', () => {
  const bad = (code: string, status = 400) => ({ code, status });
  it.each<[string, unknown, ...Change]>([
    ['POST', bad('BAD_METHOD', 405), {}, { startLine: 'POST / HTTP/1.1' }],
    ['a method in lower case', bad('BAD_METHOD', 405), {}, { startLine: 'get / HTTP/1.1' }],
    ['HTTP/1.0', bad('BAD_HTTP_VERSION'), {}, { startLine: 'GET / HTTP/1.0' }],
    ['Content-Length', bad('BODY_NOT_ALLOWED'), { 'Content-Length': '5' }],
    ['Transfer-Encoding', bad('BODY_NOT_ALLOWED'), { 'Transfer-Encoding': 'chunked' }],
    ['no Host', bad('BAD_HOST'), { Host: null }],
    ['an empty Host', bad('BAD_HOST'), { Host: '' }],
    ['a Host with a user', bad('BAD_HOST'), { Host: 'a@b' }],
    ['a Host with a path', bad('BAD_HOST'), { Host: 'a/b' }],
    ['two Hosts', bad('DUPLICATE_HEADER'), {}, { extraLines: ['Host: b'] }],
    ['an absolute target with a user', bad('BAD_HOST'), {}, { startLine: 'GET http://a@b/ HTTP/1.1' }],
    ['an absolute target without a host', bad('BAD_HOST'), {}, { startLine: 'GET http:/// HTTP/1.1' }],
    ['a target of another scheme', bad('BAD_START_LINE'), {}, { startLine: 'GET file:///etc HTTP/1.1' }],
    ['the target *', bad('BAD_START_LINE'), {}, { startLine: 'GET * HTTP/1.1' }],
    ['no Upgrade', bad('BAD_UPGRADE'), { Upgrade: null }],
    ['an empty Upgrade', bad('BAD_UPGRADE'), { Upgrade: '' }],
    ['another Upgrade', bad('BAD_UPGRADE'), { Upgrade: 'h2c' }],
    ['an Upgrade that only starts like it', bad('BAD_UPGRADE'), { Upgrade: 'websocketx' }],
    ['an Upgrade with a version', bad('BAD_UPGRADE'), { Upgrade: 'websocket/13' }],
    ['an Upgrade in quotes', bad('BAD_UPGRADE'), { Upgrade: '"websocket"' }],
    ['no Connection', bad('BAD_CONNECTION'), { Connection: null }],
    ['another Connection', bad('BAD_CONNECTION'), { Connection: 'keep-alive' }],
    ['a Connection that only contains it', bad('BAD_CONNECTION'), { Connection: 'upgrades' }],
    ['no version', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': null }],
    ['version 7', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': '7' }],
    ['version 14', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': '14' }],
    ['version 013', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': '013' }],
    ['version +13', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': '+13' }],
    ['version "13, 8"', bad('BAD_VERSION', 426), { 'Sec-WebSocket-Version': '13, 8' }],
    ['two versions', bad('DUPLICATE_HEADER'), {}, { extraLines: ['Sec-WebSocket-Version: 13'] }],
    ['no key', bad('BAD_KEY'), { 'Sec-WebSocket-Key': null }],
    ['a short key', bad('BAD_KEY'), { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZQ==' }],
    ['two keys', bad('DUPLICATE_HEADER'), {}, { extraLines: ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='] }],
    ['two Origins', bad('DUPLICATE_HEADER'), {}, { extraLines: ['Origin: http://example.com'] }],
    ['an empty list of subprotocols', bad('BAD_PROTOCOL'), { 'Sec-WebSocket-Protocol': '' }],
    ['a list of commas', bad('BAD_PROTOCOL'), { 'Sec-WebSocket-Protocol': ',,' }],
    ['a subprotocol with a space', bad('BAD_PROTOCOL'), { 'Sec-WebSocket-Protocol': 'a b' }],
    ['a subprotocol in quotes', bad('BAD_PROTOCOL'), { 'Sec-WebSocket-Protocol': '"a"' }],
    ['a subprotocol twice', bad('BAD_PROTOCOL'), { 'Sec-WebSocket-Protocol': 'a, b, a' }],
    ['a subprotocol twice over two lines', bad('BAD_PROTOCOL'), {}, { extraLines: ['Sec-WebSocket-Protocol: chat'] }],
  ])('with %s is refused', (_, expected, ...change) => {
    expect(refusal(...change)).toEqual(expected);
  });

  it('is never answered with its own text', () => {
    const result = readUpgradeRequest(parseRequest(requestText({ Upgrade: '<script>', Origin: '<script>' })));
    expect(result.ok ? '' : result.error.message).not.toContain('script');
  });
});

describe('version 8', () => {
  const draft = { 'Sec-WebSocket-Version': '8', Origin: null };

  it('brings its origin in the header of the drafts, which counts like the later one', () => {
    expect(read({ ...draft, 'Sec-WebSocket-Origin': 'http://evil.example' })).toMatchObject({
      version: 8,
      origin: 'http://evil.example',
    });
    expect(read({ ...draft, Origin: 'http://evil.example' }).origin).toBe('http://evil.example');
  });

  it('is refused when the two origins differ', () => {
    const change = { ...draft, Origin: 'http://a', 'Sec-WebSocket-Origin': 'http://b' };
    expect(refusal(change)).toEqual({ code: 'DUPLICATE_HEADER', status: 400 });
  });

  it('has no say in the origin of version 13', () => {
    expect(read({ Origin: null, 'Sec-WebSocket-Origin': 'http://example.com' }).origin).toBeNull();
  });
});

describe('hostile requests', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('may offer subprotocols named like members of Object.prototype', () => {
    const request = read({ 'Sec-WebSocket-Protocol': names.join(',') });
    expect(request.protocols).toEqual(names);
    expect(writeAcceptance(request, { sha1, protocol: '__proto__' })).toContain(
      'Sec-WebSocket-Protocol: __proto__\r\n',
    );
  });

  it('are refused, never thrown about, whatever their headers', () => {
    const name = fc.constantFrom(
      'host',
      'upgrade',
      'connection',
      'sec-websocket-key',
      'sec-websocket-protocol',
      ...names,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ maxLength: 30 }))), fc.string(), (pairs, target) => {
        const result = readUpgradeRequest({
          method: 'GET',
          httpVersion: '1.1',
          target,
          headers: createHeaderMap(pairs),
        });
        expect(result.ok ? 101 : result.error.status).toBeGreaterThan(100);
      }),
    );
  });

  it.each([
    ['a token, blanks and a token', (size: number) => `b${' '.repeat(size)}x`],
    ['commas', (size: number) => ','.repeat(size)],
    ['blanks', (size: number) => ' '.repeat(size)],
    ['an open quote and escapes', (size: number) => `a;b="${'\\c'.repeat(size / 2)}`],
    ['short elements', (size: number) => 'a ,'.repeat(size / 3)],
  ])('cost steps in proportion to their length: %s', (_, adversarial) => {
    const steps = (headers: HeaderMap) => {
      const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
      listHeader(headers, 'x');
      const { length } = charCodeAt.mock.calls;
      charCodeAt.mockRestore();
      return length;
    };
    const small = steps(createHeaderMap([['x', adversarial(4_096)]]));
    const big = steps(createHeaderMap([['x', adversarial(16_384)]]));
    expect(small).toBeGreaterThanOrEqual(4_000);
    expect(big).toBeLessThanOrEqual(4 * small + 16);
    expect(big).toBeLessThanOrEqual(4 * 16_384);
  });
});
