import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawClient, upgradeText } from '../raw-client.ts';
import { Target } from './target.ts';

let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.end());

/** A request of draft-76, which is spoken nowhere unless somebody asked for it. */
const hixieText = [
  'GET / HTTP/1.1',
  'Host: a.example',
  'Connection: Upgrade',
  'Upgrade: WebSocket',
  'Origin: http://a.example',
  'Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5',
  'Sec-WebSocket-Key2: 12998 5 Y3 1  .P00',
  '',
  '^n:ds[4U',
].join('\r\n');

/** What the port answers a request with, once it has ended the connection. */
async function answerTo(port: number, text: string): Promise<string> {
  const client = await RawClient.open(port);
  client.write(text);
  return client.untilClosed();
}

describe('names that every object of JavaScript has', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  it.each(names)('%s is a name like any other', async (name) => {
    // Only who compresses reads extensions.
    for (const port of [target.ports.strict, target.ports.http, target.ports.compressing]) {
      const client = await RawClient.open(port);
      client.write(
        upgradeText({
          Host: `127.0.0.1:${port}`,
          'Sec-WebSocket-Extensions': `${name}; ${name}=1, permessage-deflate; ${name}`,
          'Sec-WebSocket-Protocol': name,
          [name]: name,
        }),
      );
      const answer = await client.until('\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 101 /);
      expect(answer).not.toContain('Sec-WebSocket-Extensions');
      expect(answer).not.toContain('Sec-WebSocket-Protocol');
      client.reset();
    }
    await target.expectUnharmed();
  });

  it.each(names)('/%s is a path like any other, and nothing is mounted on it', async (name) => {
    const { http } = target.ports;
    const request = upgradeText({ Host: `127.0.0.1:${http}` }, `GET /${name} HTTP/1.1`);
    expect(await answerTo(http, request)).toMatch(/^HTTP\/1.1 404 /);
    await target.expectUnharmed();
  });
});

describe('headers made to be slow', () => {
  const shapes: [name: string, header: (length: number) => string][] = [
    ['blanks between subprotocols', (length) => `Sec-WebSocket-Protocol: b${' '.repeat(length)}x`],
    ['commas', (length) => `Sec-WebSocket-Protocol: ${','.repeat(length)}a`],
    ['blanks between extensions', (length) => `Sec-WebSocket-Extensions: b${' '.repeat(length)}x`],
    ['commas between extensions', (length) => `Sec-WebSocket-Extensions: ${','.repeat(length)}a`],
    ['a quoted string that never ends', (length) => `Sec-WebSocket-Extensions: a; b="${'\\c'.repeat(length / 2)}`],
    ['parameters without end', (length) => `Sec-WebSocket-Extensions: a${';b=c'.repeat(length / 4)}`],
    ['offers without end', (length) => `Sec-WebSocket-Extensions: a${',permessage-deflate;x'.repeat(length / 21)}`],
    ['a line that goes on', (length) => `X: ${'y'.repeat(length)}`],
  ];
  it.each(shapes)('%s cost in proportion to their length', async (_, header) => {
    const ask = async (length: number) => {
      for (let count = 0; count < 20; count++) {
        const client = await RawClient.open(target.ports.compressing);
        client.write(upgradeText().replace('\r\n\r\n', `\r\n${header(length)}\r\n\r\n`));
        await client.until('\r\n\r\n');
        client.reset();
      }
    };
    await target.expectLinear(ask, 7_500);
    await target.expectUnharmed();
  });

  it('a head that comes byte by byte costs in proportion to its bytes', async () => {
    const ask = async (length: number) => {
      const client = await RawClient.open(target.ports.lenient);
      await client.trickle(upgradeText({ X: 'y'.repeat(length) }));
      expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 101 /);
      client.reset();
    };
    await target.expectLinear(ask, 2_000);
    await target.expectUnharmed();
  });

  it('a head that comes byte by byte is refused at its limit', async () => {
    const client = await RawClient.open(target.ports.strict);
    await client.trickle(upgradeText({ X: 'y'.repeat(9_000) }));
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 431 /);
    await target.expectUnharmed();
  });
});

describe('requests that are refused', () => {
  it.each<[what: string, text: string, strict: number | null, http: number | null]>([
    ['2,100 headers', upgradeText().replace('\r\n\r\n', `\r\n${'a:b\r\n'.repeat(2_100)}\r\n`), 431, 400],
    ['a head of 20 kB', upgradeText({ X: 'y'.repeat(20_000) }), 431, 431],
    ['HTTP/1.0', upgradeText({}, 'GET / HTTP/1.0'), 400, 400],
    ['an unknown version', upgradeText({ 'Sec-WebSocket-Version': '12' }), 426, 426],
    ['no key', upgradeText({ 'Sec-WebSocket-Key': null }), 400, 400],
    ['a key of too few bytes', upgradeText({ 'Sec-WebSocket-Key': 'c2hvcnQ=' }), 400, 400],
    ['an Upgrade to something else', upgradeText({ Upgrade: 'h2c' }), 400, 400],
    ['an Upgrade twice, to other things', upgradeText({ Upgrade: 'h2c\r\nUpgrade: foo' }), 400, 400],
    ['two keys', upgradeText({ X: 'y\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' }), 400, 400],
    ['a body', upgradeText({ 'Content-Length': '5' }), 400, 400],
    ['a POST', upgradeText({}, 'POST / HTTP/1.1'), 405, 405],
    ['a NUL in a header', upgradeText({ X: 'a\0b' }), 400, 400],
    ['a line that is folded', upgradeText({ X: 'a\r\n b' }), 400, 400],
    ['the handshake of 2010', hixieText, 426, 426],
    ['a foreign page', upgradeText({ Origin: 'https://evil.example' }), 403, 403],
    ['the first byte of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 400],
  ])('with %s are answered, and their sockets ended', async (_, text, strict, http) => {
    expect(Number((await answerTo(target.ports.strict, text)).slice(9, 12))).toBe(strict);
    expect(Number((await answerTo(target.ports.http, text.replace('a.example', '127.0.0.1'))).slice(9, 12))).toBe(http);
    await target.expectUnharmed();
  });

  it.each([
    'websocket, foo',
    'WEBSOCKET',
    'foo, websocket',
    'websocket,',
    ',,websocket',
    'websocket/13',
    '"websocket"',
  ])('an Upgrade header of %j crashes nobody', async (upgrade) => {
    for (const port of [target.ports.strict, target.ports.http]) {
      const client = await RawClient.open(port);
      client.write(upgradeText({ Upgrade: upgrade, Host: `127.0.0.1:${port}` }));
      expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 (101|400) /);
      client.reset();
    }
    await target.expectUnharmed();
  });
});
