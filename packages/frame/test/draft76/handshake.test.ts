import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDraft76Offer, isDraft76, readDraft76Request } from '../../src/draft76/request.ts';
import { readDraft76Response, writeDraft76Acceptance } from '../../src/draft76/response.ts';
import { RequestHeadParser, ResponseHeadParser } from '../../src/handshake/head-parser.ts';
import { createHeaderMap } from '../../src/handshake/header-map.ts';
import type { RequestHead } from '../../src/handshake/start-line.ts';
import { utf8 } from '../bytes.ts';

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest();

/** The example of §1.2. */
const example: Readonly<Record<string, string>> = {
  Host: 'example.com',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key2': '12998 5 Y3 1  .P00',
  'Sec-WebSocket-Protocol': 'sample',
  Upgrade: 'WebSocket',
  'Sec-WebSocket-Key1': '4 @1  46546xW%0l 1 5',
  Origin: 'http://example.com',
};

function head(changes: Readonly<Record<string, string | undefined>> = {}, method = 'GET'): RequestHead {
  const headers = Object.entries({ ...example, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return { method, target: '/demo', httpVersion: '1.1', headers: createHeaderMap(headers) };
}

describe('a server of draft-76', () => {
  it('answers the example of the draft as the draft does', () => {
    const read = readDraft76Request(head());
    if (!read.ok) throw read.error;
    const written = writeDraft76Acceptance(read.value, utf8('^n:ds[4U'), { md5, secure: false });
    expect(written.ok && Buffer.from(written.value).toString('latin1')).toBe(
      [
        'HTTP/1.1 101 WebSocket Protocol Handshake',
        'Upgrade: WebSocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Origin: http://example.com',
        'Sec-WebSocket-Location: ws://example.com/demo',
        'Sec-WebSocket-Protocol: sample',
        '',
        "8jKS'y:G*Co,Wxa-",
      ].join('\r\n'),
    );
  });

  it('knows its requests from those of RFC 6455', () => {
    expect(isDraft76(head().headers)).toBe(true);
    expect(isDraft76(head({ 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }).headers)).toBe(false);
    expect(isDraft76(head({ 'Sec-WebSocket-Key1': undefined }).headers)).toBe(false);
  });

  it.each<[what: string, changes: Record<string, string | undefined>, code: string]>([
    ['no Host', { Host: undefined }, 'BAD_HOST'],
    ['a Host with a user name', { Host: 'a@b' }, 'BAD_HOST'],
    ['no Upgrade', { Upgrade: undefined }, 'BAD_UPGRADE'],
    ['no Connection', { Connection: 'close' }, 'BAD_CONNECTION'],
    ['no Origin', { Origin: undefined }, 'ORIGIN_REFUSED'],
    ['one key', { 'Sec-WebSocket-Key2': undefined }, 'BAD_KEY'],
    ['the length of a body', { 'Content-Length': '8' }, 'BODY_NOT_ALLOWED'],
    ['a body in chunks', { 'Transfer-Encoding': 'chunked' }, 'BODY_NOT_ALLOWED'],
  ])('refuses a request with %s', (_, changes, code) => {
    expect(readDraft76Request(head(changes))).toMatchObject({ ok: false, error: { code } });
  });

  it('refuses a POST, and keys that make no number', () => {
    expect(readDraft76Request(head({}, 'POST'))).toMatchObject({ ok: false, error: { code: 'BAD_METHOD' } });
    const read = readDraft76Request(head({ 'Sec-WebSocket-Key1': 'none' }));
    if (!read.ok) throw read.error;
    expect(writeDraft76Acceptance(read.value, utf8('^n:ds[4U'), { md5, secure: false })).toMatchObject({
      ok: false,
      error: { code: 'BAD_KEY' },
    });
  });
});

describe('a client of draft-76', () => {
  const offer = createDraft76Offer({
    host: 'example.com',
    target: '/demo?a=b',
    secure: true,
    origin: 'https://page.example',
    protocol: 'sample',
    random: randomBytes,
  });

  /** What our server answers it, or that with a line changed. */
  function answer(change: (text: string) => string = (text) => text) {
    const request = new RequestHeadParser().push(utf8(offer.head));
    if (request?.type !== 'head') throw new Error('no head');
    const read = readDraft76Request(request.head);
    if (!read.ok) throw read.error;
    const written = writeDraft76Acceptance(read.value, offer.key3, { md5, secure: true });
    if (!written.ok) throw written.error;
    const text = change(Buffer.from(written.value).toString('latin1'));
    const response = new ResponseHeadParser().push(Buffer.from(text, 'latin1'));
    if (response?.type !== 'head') throw new Error('no head');
    return readDraft76Response(response.head, response.rest, offer, md5);
  }

  it('and a server understand each other', () => {
    expect(answer()).toEqual({ ok: true, value: { protocol: 'sample' } });
  });

  it.each<[what: string, change: (text: string) => string, code: string]>([
    ['another origin', (text) => text.replace('https://page.example', 'https://evil.example'), 'BAD_ACCEPT'],
    ['another address', (text) => text.replace('/demo?a=b', '/other'), 'BAD_ACCEPT'],
    ['another subprotocol', (text) => text.replace('sample', 'other'), 'PROTOCOL_NOT_OFFERED'],
    ['a wrong proof', (text) => `${text.slice(0, -1)}${text.endsWith('x') ? 'y' : 'x'}`, 'BAD_ACCEPT'],
    ['no Upgrade', (text) => text.replace('Upgrade: WebSocket', 'Upgrade: h2c'), 'BAD_UPGRADE'],
    ['no Connection', (text) => text.replace('Connection: Upgrade', 'Connection: close'), 'BAD_CONNECTION'],
    ['a 200', (text) => text.replace('101 WebSocket Protocol Handshake', '200 OK'), 'BAD_STATUS'],
  ])('refuses an answer with %s', (_, change, code) => {
    expect(answer(change)).toMatchObject({ ok: false, error: { code } });
  });

  it.each([
    ['host', { host: 'a b' }],
    ['target', { target: '/a\r\nX: y' }],
    ['origin', { origin: 'a\r\nX: y' }],
    ['protocol', { protocol: 'a b' }],
  ])('throws at once for a %s that could not stand in a request', (_, change) => {
    const options = {
      host: 'example.com',
      target: '/',
      secure: false,
      origin: 'http://a.example',
      random: randomBytes,
    };
    expect(() => createDraft76Offer({ ...options, ...change })).toThrowError(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});
